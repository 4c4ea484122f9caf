package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CpuTimeTests {

    private static final String BUSY_CHILD_THEN_IDLE =
            "(i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done); echo done; read end";

    @Test
    void countsChildrenThatHaveEnded() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", BUSY_CHILD_THEN_IDLE).start();
        try {
            CpuTime before = CpuTime.of(process.pid());
            awaitChild(process);
            CpuTime used = CpuTime.of(process.pid()).since(before);
            assertThat(used.ticks()).isPositive();
            assertThat(used.microsPer(2)).isEqualTo(used.ticks() * 5000.0);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitChild(Process process) throws Exception {
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("done");
    }
}
