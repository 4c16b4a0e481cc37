package io.github.lightning4j.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void aText_replacesTheFileAndMakesItsFolder() throws IOException {
        Path file = folder.resolve("run/result.json");
        AtomicFile.write(file, "a longer text");
        AtomicFile.write(file, "größer");
        assertThat(file).hasContent("größer");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**" + AtomicFile.TEMPORARY);
    }

    @Test
    void contentThatFails_leavesTheFileAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.csv"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[] {1}));
                    throw new IllegalStateException("changed its mind");
                }))
                .hasMessage("changed its mind");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**" + AtomicFile.TEMPORARY);
    }
}
