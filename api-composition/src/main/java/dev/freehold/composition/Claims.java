package dev.freehold.composition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Which keys of cached sources are being asked for: no page asks for a key that another one has asked for and not yet put into the
 * cache.
 *
 * <ol>
 *   <li>A page divides its keys: into those that nobody asks for, which get a call, and those of each call that is there.
 *   <li>It waits for all of them; a call that has been answered meanwhile gives its answer again.
 *   <li>When it has taken an answer in, it leaves the call; when all pages have, the call's keys are nobody's again. By then the
 *       cache knows what came of them.
 * </ol>
 */
final class Claims {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Claim, Claimed> claimed = new HashMap<>();

    private record Claim(Question.Target source, Object scope, Object key) {}

    /** A call, and how many pages have something to do with it. */
    static final class Claimed {

        private final Call call;
        private final List<Claim> claims;
        private int pages;

        private Claimed(Call call, List<Claim> claims) {
            this.call = call;
            this.claims = claims;
        }

        Call call() {
            return call;
        }
    }

    /**
     * Divides keys by the calls that ask for them. The page has to {@link #leave} each.
     *
     * @param question for all of them, with a scope
     * @param depth within how many calls the page is made: it waits for no call of a page that may wait for it
     * @param opening makes the call for those that nobody asks for
     */
    Map<Claimed, KeyList> divide(Question question, int depth, Function<Question, Call> opening) {
        Object scope = Objects.requireNonNull(question.scope());
        Map<Claimed, List<Object>> others = new LinkedHashMap<>();
        List<Object> free = new ArrayList<>();
        Map<Claimed, KeyList> shares = new LinkedHashMap<>();
        lock.lock();
        try {
            for (Object key : (KeyList) question.arguments()) {
                Claimed by = claimed.get(new Claim(question.source(), scope, key));
                (by == null || !by.call.isJoinable(depth) ? free : others.computeIfAbsent(by, any -> new ArrayList<>()))
                        .add(key);
            }
            others.forEach((call, keys) -> shares.put(call, new KeyList(keys.toArray())));
            if (!free.isEmpty()) {
                KeyList own = new KeyList(free.toArray());
                shares.put(claim(question.with(own), scope, opening), own);
            }
            shares.keySet().forEach(one -> one.pages++);
        } finally {
            lock.unlock();
        }
        return shares;
    }

    private Claimed claim(Question question, Object scope, Function<Question, Call> opening) {
        List<Claim> claims = ((KeyList) question.arguments())
                .stream().map(key -> new Claim(question.source(), scope, key)).toList();
        Claimed opened = new Claimed(opening.apply(question), claims);
        claims.forEach(claim -> claimed.putIfAbsent(claim, opened));
        return opened;
    }

    /** A page has nothing to do with a call any more. */
    void leave(Claimed one) {
        lock.lock();
        try {
            if (--one.pages == 0) {
                one.claims.forEach(claim -> claimed.remove(claim, one));
            }
        } finally {
            lock.unlock();
        }
    }
}
