package io.github.lightning4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "train_loss, loss, train, METRICS",
        "train_loss_step, loss, train, METRICS",
        "val_loss, loss, val, METRICS",
        "valid/loss, loss, val, METRICS",
        "test_loss_epoch, loss, test, METRICS",
        "loss, loss, '', METRICS",
        "acc_val, acc, val, METRICS",
        "val_acc/dataloader_idx_1, acc, val, METRICS",
        "val_f1_3, f1, val, METRICS",
        "grad_norm/net.0.weight, grad norm, '', METRICS",
        "training_wheels, wheels, train, METRICS",
        "value, value, '', METRICS",
        "lr-Adam/pg1, learning rate, '', OPTIMIZATION",
        "lr-SGD-momentum, momentum, '', OPTIMIZATION",
        "samples_per_second, samples per second, '', SPEED",
        "epoch_time, epoch time, '', SPEED"
    })
    void aName_tellsWhatIsMeasuredAndWhere(String name, String title, String stage, Quantity.Section section) {
        assertThat(Quantity.of(name)).isEqualTo(new Quantity(title, stage, section));
    }

    @ParameterizedTest
    @CsvSource({
        "val_loss, LOWER",
        "train_mse_step, LOWER",
        "val_acc, HIGHER",
        "test_f1_3, HIGHER",
        "samples_per_second, HIGHER",
        "epoch_time, LOWER",
        "place, UNKNOWN",
        "lr-Adam, UNKNOWN"
    })
    void aName_tellsWhichValuesAreGood(String name, Direction direction) {
        assertThat(Direction.of(name)).isEqualTo(direction);
    }
}
