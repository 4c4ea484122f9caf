package dev.freehold.shop;

import java.io.PrintStream;

/** What the shop says to the person who started it. */
final class Console {

    private static final PrintStream OUT = System.out;

    private Console() {}

    static void say(String text) {
        OUT.println(text);
    }
}
