// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.elasticsearch.xpack.core.scheduler.Cron;

/**
 * Reads lines "SECONDS|SCHEDULE" and prints for each the next times after that time since 1970, in seconds, as
 * Elasticsearch's own class computes them: what tests/unit/connector/schedule_times.cc prints with ours.
 */
public final class CronOracle {
  private static final int TIMES = 4;

  private static String timesOf(String line) {
    int bar = line.indexOf('|');
    long time = Long.parseLong(line.substring(0, bar)) * 1000;
    try {
      return timesOf(new Cron(line.substring(bar + 1)), time);
    } catch (RuntimeException refused) {
      // It accepts a few schedules and fails when it is asked for a time.
      return "refused: " + refused.getMessage();
    }
  }

  private static String timesOf(Cron cron, long time) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < TIMES; i++) {
      long next = cron.getNextValidTimeAfter(time);
      text.append(next < 0 ? "never" : next / 1000).append(' ');
      // It answers a few schedules with a time in the past.
      if (next <= time) {
        break;
      }
      time = next;
    }
    return text.toString();
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(timesOf(line));
    }
  }
}
