package dev.flannelx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Address;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.network.HookCommands.PeerCommands;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that write out what makes them equal leave out none of their components. */
class WrittenOutEqualityTest {
    static Stream<Arguments> recordsThatDifferInAllComponents() {
        return Stream.of(
                Arguments.of(
                        new Peer(Leases.subnet("10.50.7.0/24"), address("192.0.2.7"), "node7", "data"),
                        new Peer(Leases.subnet("10.50.8.0/24"), address("192.0.2.8"), "node8", "other data")),
                Arguments.of(
                        new PeerCommands("add", "remove", "batch"),
                        new PeerCommands("other add", "other remove", "other batch")),
                Arguments.of(new PeerCommands("add", "remove", "batch"), new PeerCommands(null, null, null)));
    }

    private static PublicAddress address(String ipv4) {
        return new PublicAddress(Address.parse(ipv4).orElseThrow(), null);
    }

    @ParameterizedTest
    @MethodSource("recordsThatDifferInAllComponents")
    void areEqualOnlyInAllComponents(Record one, Record other) throws ReflectiveOperationException {
        RecordComponent[] components = one.getClass().getRecordComponents();
        assertThat(mixed(one, other, -1)).isEqualTo(one).hasSameHashCodeAs(one).isNotSameAs(one);
        for (int index = 0; index < components.length; index++) {
            assertThat(mixed(one, other, index))
                    .as("with another " + components[index].getName())
                    .isNotEqualTo(one);
            assertThat(one).as("with another " + components[index].getName()).isNotEqualTo(mixed(one, other, index));
        }
    }

    /** A copy of one with a component of the other, if there is one of that index. */
    private static Record mixed(Record one, Record other, int index) throws ReflectiveOperationException {
        RecordComponent[] components = one.getClass().getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = new Object[components.length];
        for (int each = 0; each < values.length; each++) {
            values[each] = components[each].getAccessor().invoke(each == index ? other : one);
        }
        return one.getClass().getDeclaredConstructor(types).newInstance(values);
    }
}
