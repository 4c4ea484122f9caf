package dev.freehold.composition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writes recordings into files. */
final class RecordingFiles implements PageListener {

    private static final Logger log = LoggerFactory.getLogger(View.class);

    private final Path directory;
    private final int most;
    private final JsonMapper json;
    private final AtomicInteger pages = new AtomicInteger();

    RecordingFiles(Path directory, int most, JsonMapper json) {
        if (most < 1) {
            throw new IllegalArgumentException("most must be at least 1, was " + most);
        }
        this.directory = directory;
        this.most = most;
        this.json = json;
    }

    @Override
    public void made(Analysis analysis) {}

    @Override
    public boolean wantsAnswers() {
        return true;
    }

    @Override
    public void heard(PageRecording recording) {
        int number = pages.incrementAndGet();
        if (number > most || number < 0) {
            return;
        }
        Path file = directory.resolve("%s-%d.json".formatted(recording.view().replace(' ', '-'), number));
        try {
            byte[] text = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(recording);
            Files.createDirectories(directory);
            Files.write(file, text, StandardOpenOption.CREATE_NEW);
        } catch (IOException | JacksonException unwritten) { // the page is more than its recording
            log.warn("What was said to {} is not recorded in {}: {}", recording.view(), file, unwritten.toString());
        }
    }
}
