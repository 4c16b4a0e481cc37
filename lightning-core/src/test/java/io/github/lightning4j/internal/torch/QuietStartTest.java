package io.github.lightning4j.internal.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.util.Ec2Utils;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, since what is tested happens once, when the engine loads. */
class QuietStartTest {
    @Test
    void djlUsedFirst_doesNotCallHome() throws Exception {
        assertThat(lastCallHome()).isEqualTo("0");
    }

    @Test
    void trackingAskedFor_isLeftAsAskedFor() {
        String before = System.getProperty("OPT_OUT_TRACKING");
        System.setProperty("OPT_OUT_TRACKING", "false");
        try {
            TorchRuntime.keepQuiet();
            assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("false");
        } finally {
            System.setProperty("OPT_OUT_TRACKING", before == null ? "true" : before);
        }
    }

    private static String lastCallHome() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.lines().reduce((first, second) -> second).orElse("").strip();
    }

    /** Touches DJL alone and tells when it last called home. */
    static final class Main {
        private Main() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws ReflectiveOperationException {
            NDManager.newBaseManager().close();
            Field last = Ec2Utils.class.getDeclaredField("lastCheckIn");
            last.setAccessible(true);
            System.out.println(last.getLong(null));
        }
    }
}
