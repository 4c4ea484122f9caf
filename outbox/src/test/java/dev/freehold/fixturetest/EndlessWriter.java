package dev.freehold.fixturetest;

import dev.freehold.fixture.History;
import java.nio.file.Path;
import java.util.UUID;

/** Records commits until it is killed. */
final class EndlessWriter {

    private EndlessWriter() {}

    public static void main(String[] arguments) {
        long writer = Long.parseLong(arguments[1]);
        try (History history = History.open(Path.of(arguments[0]))) {
            for (long sequence = 0; sequence < Integer.MAX_VALUE; sequence++) {
                history.committed(new UUID(writer, sequence), "writer " + writer, sequence);
            }
        }
    }
}
