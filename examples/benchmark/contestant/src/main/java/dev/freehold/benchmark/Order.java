package dev.freehold.benchmark;

import java.util.SplittableRandom;

/**
 * The event of the benchmark: about 400 bytes of JSON.
 *
 * <p>Everything follows from the number, so a receiver needs nothing else to tell what was lost, repeated or overtaken:
 * the key is the number modulo the count of keys, and a key's events have ascending numbers.
 */
public record Order(
        long number,
        String key,
        String customer,
        String street,
        String city,
        String currency,
        long cents,
        String state,
        String note) {

    private static final String NUMBER = "\"number\":";
    private static final String NOTE =
            "Leave it with the neighbours at number four if nobody answers the bell; the gate is open until six in the"
                    + " evening, and the dog is friendlier than it sounds from the street. Please ring twice, and wait a while.";

    /** The event with this number, where there are so many keys. */
    public static Order of(long number, int keys) {
        int account = (int) (number % keys);
        return new Order(
                number,
                Integer.toString(account),
                "Customer of account " + account,
                "Harbour Road " + number % 97,
                "Kathmandu",
                "NPR",
                number % 100_000,
                "PLACED",
                NOTE);
    }

    /** This event with a note so long that its JSON has as many bytes, which cannot be compressed well. */
    public Order grownTo(int bytes) {
        String longer = note
                + new SplittableRandom(number)
                        .ints(bytes - json().length(), 'a', 'z' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return new Order(number, key, customer, street, city, currency, cents, state, longer);
    }

    /** The row of {@code account} that belongs to the key. */
    public int account() {
        return Integer.parseInt(key);
    }

    /** This event as JSON, for outboxes which take text. */
    public String json() {
        return new StringBuilder(450)
                .append('{')
                .append(NUMBER)
                .append(number)
                .append(",\"key\":\"")
                .append(key)
                .append("\",\"customer\":\"")
                .append(customer)
                .append("\",\"street\":\"")
                .append(street)
                .append("\",\"city\":\"")
                .append(city)
                .append("\",\"currency\":\"")
                .append(currency)
                .append("\",\"cents\":")
                .append(cents)
                .append(",\"state\":\"")
                .append(state)
                .append("\",\"note\":\"")
                .append(note)
                .append("\"}")
                .toString();
    }

    /** Finds the number in JSON, wherever the field stands. */
    public static long numberIn(byte[] json) {
        for (int start = 0; start + NUMBER.length() < json.length; start++) {
            if (matches(json, start)) {
                return digits(json, start + NUMBER.length());
            }
        }
        throw new IllegalArgumentException("no field number in a value of " + json.length + " bytes");
    }

    private static boolean matches(byte[] json, int start) {
        for (int i = 0; i < NUMBER.length(); i++) {
            if (json[start + i] != NUMBER.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static long digits(byte[] json, int start) {
        long number = 0;
        for (int i = start; i < json.length && json[i] >= '0' && json[i] <= '9'; i++) {
            number = number * 10 + (json[i] - '0');
        }
        return number;
    }
}
