package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.report.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who takes part, where its class path is, and how large a backlog it can work off in reasonable time. */
enum Entrant implements Labelled {
    NO_OUTBOX("contestant", "dev.freehold.benchmark.NoOutbox", 0),
    HAND_WRITTEN("contestant", "dev.freehold.benchmark.HandWritten", 100_000),
    SAME_ROW("freehold", "dev.freehold.benchmark.freehold.SameRowContestant", 0),
    FREEHOLD("freehold", "dev.freehold.benchmark.freehold.FreeholdContestant", 100_000),
    FREEHOLD_EXACTLY_ONCE("freehold", "dev.freehold.benchmark.freehold.ExactlyOnceContestant", 100_000),
    TRANSACTION_OUTBOX("transaction-outbox", "dev.freehold.benchmark.gruelbox.TransactionOutboxContestant", 10_000),
    NAMASTACK("namastack", "dev.freehold.benchmark.namastack.NamastackContestant", 10_000),
    MODULITH("modulith", "dev.freehold.benchmark.modulith.ModulithContestant", 5_000),
    DEBEZIUM("debezium", "dev.freehold.benchmark.debezium.DebeziumContestant", 100_000),
    NO_INBOX("contestant", "dev.freehold.benchmark.NoInbox", 100_000),
    INBOX_BY_BATCH("contestant", "dev.freehold.benchmark.InboxByBatch", 100_000),
    INBOX_BY_MESSAGE("contestant", "dev.freehold.benchmark.InboxByMessage", 10_000);

    private final String module;
    private final String className;
    private final int backlog;

    Entrant(String module, String className, int backlog) {
        this.module = module;
        this.className = className;
        this.backlog = backlog;
    }

    /** All of them for {@code all}, otherwise those named in the list with commas. */
    static List<Entrant> named(String list) {
        if (list.equals("all")) {
            return List.of(values());
        }
        return Arrays.stream(list.split(","))
                .map(name -> valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The directory of its module, beside the harness. */
    String module() {
        return module;
    }

    String className() {
        return className;
    }

    /** Events to drain, or messages to handle; the rate is what counts, so the slow ones get fewer. */
    int backlog() {
        return backlog;
    }

    boolean hasOutbox() {
        return writes() && this != NO_OUTBOX && this != SAME_ROW;
    }

    /** Whether it runs business transactions. */
    boolean writes() {
        return this != NO_INBOX && this != INBOX_BY_BATCH && this != INBOX_BY_MESSAGE;
    }

    /** Whether it handles messages. Exactly-once delivery makes no difference to an inbox. */
    boolean consumes() {
        return !writes() || this == FREEHOLD;
    }

    /** Whether it keeps up with thousands of events a second; these have transactions that can be held. */
    boolean isFast() {
        return hasOutbox() && backlog == 100_000;
    }

    /** Whether it goes on without the key of an event that can never be sent. */
    boolean parksKeys() {
        return this == FREEHOLD || this == FREEHOLD_EXACTLY_ONCE;
    }

    /** Whether another instance goes on when one has died. */
    boolean takesOver() {
        return this == HAND_WRITTEN || this == FREEHOLD || this == FREEHOLD_EXACTLY_ONCE || this == NAMASTACK;
    }

    /** What an instance does beside the relays: without relaying, one of Namastack would keep its share of the events. */
    Role writer() {
        return this == NAMASTACK ? Role.BOTH : Role.WRITER;
    }

    /** Whether two instances can relay one outbox at the same time and it is of interest. */
    boolean sharesItsOutbox() {
        return this == HAND_WRITTEN || this == FREEHOLD || this == TRANSACTION_OUTBOX;
    }
}
