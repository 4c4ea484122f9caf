package dev.freehold.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process of a contestant: obeys one command a line on standard input and answers each with one line on standard
 * output. It ends with its input, so it does not outlive the harness. Told to end by a signal, it stops its service first.
 *
 * <pre>
 * prepare                              creates the outbox's tables
 * start ROLE                           starts the service
 * stop                                 stops it
 * active                               tells whether its relay works now
 * fill FIRST COUNT BYTES               commits that many events, see {@link Backlog} and {@link Poison}
 * transactions THREADS MILLIS          business transactions as fast as they go, see {@link Transactions}
 * begin-load RATE MILLIS               begins business transactions at a rate, see {@link Load}
 * end-load                             ends them before their time
 * await-load FILE                      waits until they have ended, and writes their times to the file
 * hold NUMBER                          publishes an event in a transaction that stays open, see {@link HeldTransaction}
 * release                              commits it
 * prepare-transaction NUMBER NAME      publishes an event in a transaction that is prepared under the name
 * </pre>
 */
final class ContestantProcess {

    private final Contestant contestant;
    private final Surroundings surroundings;
    private volatile @Nullable Service service;
    private @Nullable Load load;
    private @Nullable HeldTransaction held;

    private ContestantProcess(Contestant contestant, Surroundings surroundings) {
        this.contestant = contestant;
        this.surroundings = surroundings;
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Contestant contestant =
                (Contestant) Class.forName(args[0]).getConstructor().newInstance();
        ContestantProcess process = new ContestantProcess(contestant, Surroundings.fromProperties());
        Runtime.getRuntime().addShutdownHook(new Thread(process::stopAtTheEnd));
        int status = process.obey(answers) ? 0 : 1;
        Runtime.getRuntime().halt(status);
    }

    private boolean obey(PrintStream answers) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                answers.println("ok " + obey(line.split(" ")));
            } catch (Exception e) {
                e.printStackTrace();
                answers.println("failed " + e);
                return false;
            }
        }
        return true;
    }

    private String obey(String[] command) throws Exception {
        switch (command[0]) {
            case "prepare" -> contestant.prepare(surroundings);
            case "start" -> service = contestant.start(Role.valueOf(command[1]), surroundings);
            case "stop" -> stop();
            case "active" -> {
                return Boolean.toString(service().isActive());
            }
            case "fill" -> {
                Poison poison = new Poison(Integer.parseInt(command[3]));
                Backlog backlog = new Backlog(service(), surroundings.keys(), poison);
                backlog.fill(Long.parseLong(command[1]), Integer.parseInt(command[2]));
            }
            case "transactions" -> {
                return Transactions.run(
                        service(), surroundings.keys(), Integer.parseInt(command[1]), Long.parseLong(command[2]));
            }
            case "begin-load" -> {
                int perSecond = Integer.parseInt(command[1]);
                load = Load.begin(service(), surroundings.keys(), perSecond, Long.parseLong(command[2]));
            }
            case "end-load" -> load().end();
            case "await-load" -> {
                return load().await(Path.of(command[1]));
            }
            case "hold" -> held = HeldTransaction.open(service(), order(command[1]));
            case "release" -> release();
            case "prepare-transaction" -> HeldTransaction.prepare(service(), order(command[1]), command[2]);
            default -> throw new IllegalArgumentException("unknown command " + command[0]);
        }
        return "";
    }

    private Service service() {
        Service started = service;
        if (started == null) {
            throw new IllegalStateException("start first");
        }
        return started;
    }

    private Load load() {
        if (load == null) {
            throw new IllegalStateException("begin-load first");
        }
        return load;
    }

    private Order order(String number) {
        return Order.of(Long.parseLong(number), surroundings.keys());
    }

    private void release() throws Exception {
        if (held == null) {
            throw new IllegalStateException("hold first");
        }
        held.commit();
    }

    private void stop() throws Exception {
        service().close();
        service = null;
    }

    private void stopAtTheEnd() {
        Service started = service;
        if (started != null) {
            try {
                started.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }
    }
}
