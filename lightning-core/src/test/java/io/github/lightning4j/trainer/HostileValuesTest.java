package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Mode;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.SealedDocument;
import io.github.lightning4j.trainer.EarlierCheckpoints.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever value of a checkpoint is another one, though the file is sealed all the same: the run resumes and ends, or the
 * checkpoint is refused as one. Each value in turn is set to each of a list; {@code -Dlightning4j.hostileValues=1} tries all
 * of it, every so many of it otherwise.
 */
class HostileValuesTest {
    private static final int STRIDE = Integer.getInteger("lightning4j.hostileValues", 97);

    private static final List<JsonElement> VALUES = List.of(
            JsonNull.INSTANCE,
            new JsonPrimitive(-1),
            new JsonPrimitive(0),
            new JsonPrimitive(1),
            new JsonPrimitive(1L << 40),
            new JsonPrimitive(Long.MAX_VALUE),
            new JsonPrimitive(Long.MIN_VALUE),
            new JsonPrimitive(-0.5),
            new JsonPrimitive(1e300),
            new JsonPrimitive("NaN"),
            new JsonPrimitive("Infinity"),
            new JsonPrimitive(""),
            new JsonPrimitive("no such name"),
            new JsonPrimitive("../../outside"),
            new JsonPrimitive(true),
            new JsonPrimitive(false),
            new JsonArray(),
            array(-1, 1L << 40),
            new JsonObject());

    @TempDir
    Path directory;

    private int cases;

    private static JsonArray array(long... values) {
        JsonArray array = new JsonArray();
        for (long value : values) {
            array.add(value);
        }
        return array;
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void everyValue_whateverItBecomes_isRefusedOrResumed(Place place) throws IOException {
        Path sound = directory.resolve("sound.safetensors");
        write(place, sound);
        SealedDocument document = SealedDocument.read(sound);
        List<String> failures = new ArrayList<>();
        eachChange(document.state(), "", change -> {
            if (cases++ % STRIDE == place.ordinal() % STRIDE) {
                Path changed = directory.resolve("changed.safetensors");
                document.write(changed);
                String failure = resume(place, changed);
                if (failure != null) {
                    failures.add(change + ": " + failure);
                }
            }
        });

        assertThat(cases).isGreaterThan(1000);
        assertThat(failures).isEmpty();
    }

    private static List<Callback> callbacks() {
        return List.of(
                EarlyStopping.builder("val_loss").patience(2).build(),
                ModelCheckpoint.builder()
                        .monitor("val_loss")
                        .mode(Mode.MIN)
                        .saveTopK(1)
                        .build());
    }

    private void write(Place place, Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = place.module()) {
            FitResult result = place.trainer(directory.resolve("first"))
                    .callbacks(callbacks().toArray(Callback[]::new))
                    .maxEpochs(2)
                    .build()
                    .fit(module, EarlierCheckpoints.train(manager), EarlierCheckpoints.val(manager));
            Files.copy(result.bestCheckpoint(), file);
        }
    }

    private String resume(Place place, Path file) {
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = place.module()) {
            place.trainer(directory.resolve("next" + cases))
                    .callbacks(callbacks().toArray(Callback[]::new))
                    .build()
                    .fit(module, EarlierCheckpoints.train(manager), EarlierCheckpoints.val(manager), CkptPath.of(file));
            return null;
        } catch (ConfigurationException e) {
            // A checkpoint in which a metric of the validation has counted something else is believed.
            return e.getMessage().contains("is updated in the training too") ? null : e.toString();
        } catch (CheckpointException refused) {
            return refused.getMessage().isBlank() ? "no message" : null;
        } catch (Throwable other) {
            StackTraceElement[] stack = other.getStackTrace();
            return other + (stack.length == 0 ? "" : " at " + stack[0]);
        }
    }

    /** Changes one value after the other, each to each of the list, and tells of it while it is changed. */
    private static void eachChange(JsonElement node, String path, Consumer<String> test) {
        if (node instanceof JsonObject object) {
            for (String key : List.copyOf(object.keySet())) {
                JsonElement before = object.get(key);
                object.remove(key);
                test.accept(path + "/" + key + " is missing");
                for (JsonElement value : VALUES) {
                    object.add(key, value);
                    test.accept(path + "/" + key + " is " + value + ", was " + before);
                }
                object.add(key, before);
                eachChange(before, path + "/" + key, test);
            }
        } else if (node instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                JsonElement before = array.get(i);
                for (JsonElement value : VALUES) {
                    array.set(i, value);
                    test.accept(path + "/" + i + " is " + value + ", was " + before);
                }
                array.set(i, before);
                eachChange(before, path + "/" + i, test);
            }
        }
    }
}
