package dev.freehold.shop;

/** What the shop says to the person who started it. */
final class Console {

    private Console() {}

    static void say(String text) {
        System.out.println(text);
    }
}
