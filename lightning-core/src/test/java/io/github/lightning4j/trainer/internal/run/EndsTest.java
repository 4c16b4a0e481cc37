package io.github.lightning4j.trainer.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.lightning4j.LightningException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndsTest {
    private final List<String> trace = new ArrayList<>();

    @Test
    void ends_runInReverseAfterTheBody() {
        String result = Ends.around(ends -> {
            ends.atEnd(() -> trace.add("first begun"));
            ends.closing(() -> trace.add("second begun"));
            ends.onFailure(failure -> trace.add("never"));
            trace.add("body");
            return "result";
        });

        assertThat(result).isEqualTo("result");
        assertThat(trace).containsExactly("body", "second begun", "first begun");
    }

    @Test
    void aFailureOfTheBody_isThrownAsItIsAndSeenByLaterEnds() {
        IllegalStateException failure = new IllegalStateException("body");

        Throwable thrown = catchThrowable(() -> Ends.around(ends -> {
            ends.atEnd(() -> trace.add("failed: " + ends.haveFailed()));
            ends.onFailure(first -> trace.add(String.valueOf(first.getMessage())));
            throw failure;
        }));

        assertThat(thrown).isSameAs(failure);
        assertThat(trace).containsExactly("body", "failed: true");
    }

    @Test
    void laterFailures_areSuppressedOntoTheFirstAndEveryEndRuns() {
        Throwable thrown = catchThrowable(() -> Ends.around(ends -> {
            ends.atEnd(() -> trace.add("last"));
            ends.atEnd(() -> {
                throw new IOException("third");
            });
            ends.atEnd(() -> {
                throw new IllegalStateException("second");
            });
            throw new IllegalArgumentException("first");
        }));

        assertThat(thrown).hasMessage("first");
        assertThat(thrown.getSuppressed()).extracting(Throwable::getMessage).containsExactly("second", "third");
        assertThat(trace).containsExactly("last");
    }

    @Test
    void aFailureOfAnEndAlone_isThrownAndACheckedOneWrapped() {
        Throwable thrown = catchThrowable(() -> Ends.around(ends -> {
            ends.onFailure(failure -> trace.add("seen"));
            ends.atEnd(() -> {
                throw new IOException("disk full");
            });
            return 1;
        }));

        assertThat(thrown).isInstanceOf(LightningException.class).hasMessageContaining("disk full");
        assertThat(trace).containsExactly("seen");
    }

    @Test
    void anError_staysAnError() {
        Throwable thrown = catchThrowable(() -> Ends.around(ends -> {
            throw new OutOfMemoryError("native");
        }));

        assertThat(thrown).isInstanceOf(OutOfMemoryError.class);
    }
}
