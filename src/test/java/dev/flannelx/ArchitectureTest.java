package dev.flannelx;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What may see what: a pure core in layers ({@code ip ← network ← lease ← hook ← reconcile}), adapters around it that do
 * not know each other, and {@code app}, which joins them.
 */
class ArchitectureTest {
    private static final List<String> CORE = List.of("ip", "network", "lease", "hook", "reconcile");
    private static final List<String> ADAPTERS = List.of("kube", "host", "metrics", "lab");
    private static final String APP = "app";

    /** Those that turn text or JSON into a network, and back. */
    private static final List<String> DECODERS =
            List.of("NetworkDecoder", "SpecReader", "NetworkFile", "NetConf", "NetworkEncoder");

    /** The methods of java.time that look at a clock. */
    private static final Set<String> TIMES = Set.of("now", "system");
    /** The methods of java.util.random that make a generator. */
    private static final Set<String> DICE = Set.of("of", "getDefault", "all", "create");

    private static final JavaClasses FLANNELX = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flannelx");

    @Test
    void theCoreKnowsTheJdkAndItself() {
        classes()
                .that(areIn(CORE))
                .should()
                .onlyDependOnClassesThat(or(
                        areIn(CORE),
                        resideInAnyPackage("java..", "org.jspecify..", "com.fasterxml.jackson..", "inet.ipaddr..")))
                .check(FLANNELX);
    }

    @Test
    void inTheCoreOnlyDecodersOfNetworksKnowJackson() {
        noClasses()
                .that(areIn(CORE))
                .and(not(describe("decode networks", ArchitectureTest::isDecoder)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(FLANNELX);
    }

    @Test
    void onlyIpKnowsTheAddressLibrary() {
        noClasses()
                .that(not(areIn(List.of("ip"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("inet.ipaddr..")
                .check(FLANNELX);
    }

    @Test
    void timeAndRandomnessReachTheCoreAsArguments() {
        noClasses()
                .that(areIn(CORE))
                .should()
                .dependOnClassesThat(belongToAnyOf(
                        Clock.class,
                        Date.class,
                        Random.class,
                        SecureRandom.class,
                        SplittableRandom.class,
                        ThreadLocalRandom.class,
                        UUID.class))
                .check(FLANNELX);
    }

    @Test
    void theCoreMakesNeitherMomentsNorGenerators() {
        noClasses()
                .that(areIn(CORE))
                .should()
                .accessTargetWhere(describe("asks for the time or throws dice", ArchitectureTest::asksForTimeOrChance))
                .check(FLANNELX);
    }

    @Test
    void theCoreNeitherLogsNorTouchesTheMachine() {
        var exceptions = describe("are exceptions", (JavaClass type) -> type.isAssignableTo(Exception.class));
        noClasses()
                .that(areIn(CORE))
                .should()
                .dependOnClassesThat(or(
                        belongToAnyOf(Runtime.class, Process.class, ProcessBuilder.class, ProcessHandle.class),
                        belongToAnyOf(System.Logger.class, System.LoggerFinder.class),
                        resideInAnyPackage("java.util.logging..", "java.lang.foreign.."),
                        resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.nio.channels..")
                                .and(not(belongToAnyOf(Serializable.class)))
                                .and(not(exceptions))))
                .check(FLANNELX);
    }

    @Test
    void theCoreAsksNothingOfTheSystem() {
        noClasses()
                .that(areIn(CORE))
                .should()
                .accessTargetWhere(describe("is the machine's", ArchitectureTest::isTheMachines))
                .check(FLANNELX);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aLayerOfTheCoreSeesOnlyThoseBelow(String layer) {
        var above = new ArrayList<>(CORE.subList(CORE.indexOf(layer) + 1, CORE.size()));
        above.addAll(ADAPTERS);
        above.add(APP);
        noClasses()
                .that(areIn(List.of(layer)))
                .should()
                .dependOnClassesThat(areIn(above))
                .check(FLANNELX);
    }

    static List<String> layers() {
        return CORE;
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void anAdapterSeesNoOtherAdapter(String adapter) {
        var others = new ArrayList<>(ADAPTERS);
        others.remove(adapter);
        others.add(APP);
        noClasses()
                .that(areIn(List.of(adapter)))
                .should()
                .dependOnClassesThat(areIn(others))
                .check(FLANNELX);
    }

    static List<String> adapters() {
        return ADAPTERS;
    }

    @Test
    void everyClassHasItsPlace() {
        classes()
                .should()
                .resideInAnyPackage(packages(Stream.of(CORE, ADAPTERS, List.of(APP))
                        .flatMap(List::stream)
                        .toList()))
                .check(FLANNELX);
    }

    @Test
    void noPackagesAreInACycle() {
        slices().matching("dev.flannelx.(**)").should().beFreeOfCycles().check(FLANNELX);
    }

    private static DescribedPredicate<JavaClass> areIn(List<String> names) {
        return resideInAnyPackage(packages(names));
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> "dev.flannelx." + name + "..").toArray(String[]::new);
    }

    private static boolean isDecoder(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost.getPackageName().equals("dev.flannelx.network")
                && DECODERS.contains(outermost.getSimpleName());
    }

    private static boolean asksForTimeOrChance(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        boolean now = owner.getPackageName().startsWith("java.time") && TIMES.contains(name);
        boolean dice = (owner.isEquivalentTo(Math.class) && name.equals("random"))
                || (owner.isEquivalentTo(Collections.class) && name.equals("shuffle"))
                || (owner.getPackageName().equals("java.util.random") && DICE.contains(name));
        return now || dice;
    }

    /** The clocks, the environment, the streams, the exit: of System only arrays can be copied by it. */
    private static boolean isTheMachines(JavaAccess<?> access) {
        return access.getTargetOwner().isEquivalentTo(System.class)
                && !access.getName().equals("arraycopy");
    }
}
