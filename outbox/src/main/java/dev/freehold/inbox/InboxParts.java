package dev.freehold.inbox;

import java.time.Duration;
import java.util.UUID;

/**
 * Which part of the inbox's table an id is noted in, so that old ids go by truncating a part, and yet no id can be noted
 * twice.
 *
 * <ol>
 *   <li>Time is divided into turns, each of which has a part of its own; there are as many parts as the longest retention
 *       needs, and three more.
 *   <li>The id alone says which part is its <i>home</i>: that of the turn in which it was made, as a UUID of version 7
 *       tells, or any one, but always the same, if it tells no time. The unique index of that part decides who of several
 *       transactions is first.
 *   <li>An id of the present turn needs nothing else: its part stays for longer than the retention.
 *   <li>Any other id that its home does not have is looked for in the other parts, since its home may have been emptied
 *       meanwhile, and is noted in the part of the present turn, too.
 *   <li>A part is emptied when its turn has been over for the retention, but not in the last turn before its own comes again:
 *       it may have ids of publishers whose clocks are ahead. Which turn it is, the database's clock alone says.
 * </ol>
 *
 * @param turn how long each part's turn is
 * @param retention how long handled ids are kept; zero for ever
 */
record InboxParts(Duration turn, Duration retention) {

    static final int COUNT = 13;

    /** Of ids that tell no time. */
    static final long NO_TURN = -1;

    private static final Duration TURN = Duration.ofDays(3);
    private static final int UUID_VERSION_7 = 7;

    /** Beside the parts of the present turn and the next one, one is empty or about to be. */
    static final Duration LONGEST_RETENTION = TURN.multipliedBy(COUNT - 3L);

    static InboxParts keeping(Duration retention) {
        return new InboxParts(TURN, retention);
    }

    /** The turn in which an id was made. */
    long turnOf(UUID id) {
        return id.version() == UUID_VERSION_7 ? (id.getMostSignificantBits() >>> 16) / turn.toMillis() : NO_TURN;
    }

    int homeOf(UUID id) {
        long turnOrAny = id.version() == UUID_VERSION_7 ? turnOf(id) : id.getLeastSignificantBits();
        return partOf(turnOrAny);
    }

    static int partOf(long turn) {
        return (int) Math.floorMod(turn, (long) COUNT);
    }
}
