package dev.flannelx.app;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that was built. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"flannelx " + current()};
    }

    static String current() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("unreleased");
    }
}
