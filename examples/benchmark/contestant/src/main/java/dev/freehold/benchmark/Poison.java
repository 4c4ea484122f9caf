package dev.freehold.benchmark;

/**
 * Events that can never be sent, because they are too large: in a backlog the first event of one key in a hundred. Later ones
 * of these keys have to wait for ever.
 *
 * @param bytes how large they are; zero if there are none
 */
public record Poison(int bytes) {

    /** All events are as any other. */
    public static final Poison NONE = new Poison(0);

    /** Whether events of this key are held up by one that can never be sent. */
    public boolean isIn(int account) {
        return bytes > 0 && account % 100 == 7;
    }

    /** The event of this number, in a backlog that begins with another one. */
    Order order(long number, long first, int keys) {
        Order order = Order.of(number, keys);
        return isIn(order.account()) && number < first + keys ? order.grownTo(bytes) : order;
    }
}
