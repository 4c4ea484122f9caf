package dev.freehold.benchmark.composition;

import java.util.Locale;

/** The process of a contestant: measures it once and writes its figures, one a line, to the output. */
public final class ContestantProcess {

    /** Begins a line with a figure; its parts are parted by tabulators. */
    static final String FIGURE = "figure\t";

    private ContestantProcess() {}

    /** With the scenario, the contestant, {@code quick} or {@code full}, and the ports of the services. */
    public static void main(String[] args) throws Exception {
        Scale scale = args[2].equals("quick") ? Scale.quick() : Scale.full();
        Scenario.of(args[0])
                .measurement()
                .measure(new Measurement.Run(
                        Entrant.of(args[1]), scale, ServiceHost.Ports.parse(args[3]), ContestantProcess::print));
        System.exit(0); // whatever threads a contestant has left behind
    }

    private static void print(String metric, String unit, double value) {
        System.out.println(FIGURE + String.format(Locale.ROOT, "%s\t%s\t%s", metric, unit, value));
    }
}
