package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.OutboxDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A read with a token shows the write, or is told that it may be stale: never neither. */
abstract class ReadYourWritesContract {

    private static final Logger log = LoggerFactory.getLogger(ReadYourWritesContract.class);
    private static final boolean FULL = Boolean.getBoolean("freehold.full");
    private static final int READS_UNTIL_CAUGHT = 20_000;

    private final OutboxDatabase database;
    private final int reads;

    ReadYourWritesContract(OutboxDatabase database, int reads) {
        this.database = database;
        this.reads = FULL ? 10 * reads : reads;
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void showTheWriteOrSayThatTheyMayBeStale() throws Exception {
        ReadYourWrites.Outcome outcome = new ReadYourWrites(database, reads, store -> store).run();
        log.info("{}", outcome);

        assertThat(outcome.wrong()).isZero();
        assertThat(outcome.reached()).as("%s", outcome).isGreaterThan(reads / 20);
        assertThat(outcome.stale()).as("%s", outcome).isGreaterThan(reads / 20);
    }

    @Test
    void harnessCatchesAReaderThatIsToldBeforeTheCommit() throws Exception {
        assertThat(new ReadYourWrites(database, READS_UNTIL_CAUGHT, BeforeTheCommit::new)
                        .run()
                        .wrong())
                .isPositive();
    }

    @Test
    void harnessCatchesAReaderThatAsksForOneOfItsEvents() throws Exception {
        assertThat(new ReadYourWrites(database, READS_UNTIL_CAUGHT, OneIsEnough::new)
                        .run()
                        .wrong())
                .isPositive();
    }

    /** Believes what is noted, whatever becomes of the transaction. */
    private static final class BeforeTheCommit extends ForwardingInboxStore {

        private final Set<Awaited> noted = ConcurrentHashMap.newKeySet();

        BeforeTheCommit(InboxStore store) {
            super(store);
        }

        @Override
        public Set<UUID> note(String consumer, List<UUID> ids) {
            Set<UUID> fresh = super.note(consumer, ids);
            ids.forEach(id -> noted.add(new Awaited(consumer, id)));
            return fresh;
        }

        @Override
        public Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
            Map<Awaited, Awaited.Fate> found = new HashMap<>(super.look(awaited));
            awaited.stream().filter(noted::contains).forEach(one -> found.put(one, Awaited.Fate.HANDLED));
            return found;
        }
    }

    /** Takes all for handled when one is. */
    private static final class OneIsEnough extends ForwardingInboxStore {

        OneIsEnough(InboxStore store) {
            super(store);
        }

        @Override
        public Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
            Map<Awaited, Awaited.Fate> found = new HashMap<>(super.look(awaited));
            if (found.containsValue(Awaited.Fate.HANDLED)) {
                awaited.forEach(one -> found.put(one, Awaited.Fate.HANDLED));
            }
            return found;
        }
    }
}
