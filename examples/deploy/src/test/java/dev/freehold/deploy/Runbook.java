package dev.freehold.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A numbered procedure of the README, whose SQL is run as psql would. */
final class Runbook {

    private static final Path README = Path.of("debezium", "README.md");
    private static final Pattern STEP = Pattern.compile("(?ms)^(\\d)\\. (.*?)(?=^\\d\\. |^[^ \\n]|\\z)");
    private static final Pattern SQL = Pattern.compile("(?s)```sql\\n(.*?)```");
    private static final Pattern STATEMENT = Pattern.compile("(?s)(.+?)(;|\\\\gset)\\s*(\\n|\\z)");

    private final Map<String, String> steps = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final JdbcClient jdbc;

    private Runbook(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    static Runbook of(String heading, JdbcClient jdbc) {
        Runbook runbook = new Runbook(jdbc);
        STEP.matcher(section(heading)).results().forEach(step -> runbook.steps.put(step.group(1), sql(step.group(2))));
        return runbook;
    }

    /** Runs the statements of a step, and returns the result of the last one. */
    String run(int step) {
        String result = "";
        for (MatchResult statement : STATEMENT
                .matcher(steps.getOrDefault(Integer.toString(step), ""))
                .results()
                .toList()) {
            result = run(statement.group(1).strip(), statement.group(2).equals("\\gset"));
        }
        return result;
    }

    private String run(String statement, boolean keep) {
        String sql = statement;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            sql = sql.replace(":'" + variable.getKey() + "'", "'" + variable.getValue() + "'");
        }
        if (!sql.startsWith("SELECT")) {
            return Integer.toString(jdbc.sql(sql).update());
        }
        Map.Entry<String, String> cell = jdbc.sql(sql)
                .query((row, n) -> Map.entry(row.getMetaData().getColumnLabel(1), String.valueOf(row.getObject(1))))
                .list()
                .get(0);
        if (keep) {
            variables.put(cell.getKey(), cell.getValue());
        }
        return cell.getValue();
    }

    private static String section(String heading) {
        String text = readme();
        int start = text.indexOf("\n## " + heading + "\n");
        if (start < 0) {
            throw new IllegalArgumentException("the README has no section " + heading);
        }
        int end = text.indexOf("\n## ", start + 1);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    private static String sql(String step) {
        return SQL.matcher(step)
                .results()
                .findFirst()
                .map(block -> block.group(1))
                .orElse("");
    }

    private static String readme() {
        try {
            return Files.readString(README);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
