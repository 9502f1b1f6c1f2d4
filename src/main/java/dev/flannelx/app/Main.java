package dev.flannelx.app;

import io.quarkus.runtime.annotations.QuarkusMain;

@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("flannelx " + arguments.length);
    }
}
