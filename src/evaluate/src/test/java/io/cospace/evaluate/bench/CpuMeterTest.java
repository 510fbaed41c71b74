package io.cospace.evaluate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
    @Test
    void reads_busy_and_stolen_seconds_of_the_machine() {
        // user nice system idle iowait irq softirq steal guest guest_nice, in 1/100 s
        assertThat(CpuMeter.Machine.parse("cpu  100 20 30 9000 400 5 6 70 50 8"))
                .isEqualTo(new CpuMeter.Machine(1.61, 0.7));
        assertThat(CpuMeter.Machine.parse("intr 1 2").busy()).isNaN();
    }

    @Test
    void a_loop_is_its_own_server() {
        CpuMeter meter = CpuMeter.ofLoop();
        burn();
        Cpu cpu = meter.lap();
        assertThat(cpu.server()).isGreaterThan(0.04);
        assertThat(cpu.client()).isNaN();
        assertThat(meter.lap().server()).as("only since the last lap").isLessThan(cpu.server());
    }

    @Test
    void a_service_that_is_gone_has_no_figures() {
        CpuMeter meter = CpuMeter.ofService(OptionalLong.of(Integer.MAX_VALUE));
        burn();
        Cpu cpu = meter.lap();
        assertThat(cpu.server()).isNaN();
        assertThat(cpu.others()).isNaN();
        assertThat(cpu.client()).isGreaterThan(0.04);
        assertThat(CpuClock.residentMegabytes(Integer.MAX_VALUE)).isNaN();
        assertThat(CpuClock.residentMegabytes(ProcessHandle.current().pid())).isGreaterThan(10);
    }

    private static void burn() {
        double before = CpuClock.own();
        double sum = 0;
        while (CpuClock.own() - before < 0.05) {
            sum += Math.sqrt(sum + 1);
        }
        assertThat(sum).isPositive();
    }
}
