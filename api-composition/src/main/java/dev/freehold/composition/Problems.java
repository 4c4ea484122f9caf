package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is wrong with declarations: all of it is collected before it is told. */
final class Problems {

    private final List<InvalidDeclarationException.Problem> found = new ArrayList<>();

    void add(String where, String what, String fix) {
        found.add(new InvalidDeclarationException.Problem(where, what, fix));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidDeclarationException(found);
        }
    }

    /** "Did you mean" for a name that is not there, and what there is. */
    static String choose(String wrong, Collection<String> names) {
        if (names.isEmpty()) {
            return "There is none yet.";
        }
        String nearest = nearest(wrong, names);
        String all = "There are: " + String.join(", ", names.stream().sorted().toList()) + ".";
        return nearest == null ? all : "Did you mean '" + nearest + "'? " + all;
    }

    private static @Nullable String nearest(String wrong, Collection<String> names) {
        return names.stream()
                .filter(name -> distance(wrong, name) <= Math.max(2, wrong.length() / 3))
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .orElse(null);
    }

    /** How many letters have to be changed, added or left out (Levenshtein), upper case or lower. */
    private static int distance(String one, String other) {
        String left = one.toLowerCase(Locale.ROOT);
        String right = other.toLowerCase(Locale.ROOT);
        int[] costs = new int[right.length() + 1];
        for (int j = 0; j < costs.length; j++) {
            costs[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, Math.min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[right.length()];
    }
}
