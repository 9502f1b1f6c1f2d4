package dev.flannelx.kube;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A kustomization as somebody writes it, who names what ships: it is two folders away. */
final class OwnKustomization {
    private OwnKustomization() {}

    /** Writes one; returns its folder. */
    static String write(String name, String text) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "kustomization-" + name));
        Files.writeString(folder.resolve("kustomization.yaml"), text);
        return folder.toString();
    }
}
