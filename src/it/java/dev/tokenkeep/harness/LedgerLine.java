package dev.tokenkeep.harness;

import dev.tokenkeep.testing.TokenRequest;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token request in the ledger.
 *
 * @param cameMillis wall clock
 * @param spentMillis wall clock, when its answer was made
 * @param number of the refresh token within its family
 * @param replica who sent it
 * @param successor the number of the refresh token that was answered; empty if it was refused
 * @param overrun whether the answer was held back beyond every hard cap
 */
record LedgerLine(
        Mode mode,
        long cameMillis,
        long spentMillis,
        String family,
        int number,
        String replica,
        int status,
        OptionalInt successor,
        boolean overrun) {

    private static final Pattern REFRESH_TOKEN = Pattern.compile("rt-([0-9a-f]+)-([0-9]+)-");
    private static final long HARD_CAP_MILLIS = 60_000;

    static LedgerLine of(Mode mode, TokenRequest request) {
        Matcher spent = REFRESH_TOKEN.matcher(request.refreshToken());
        if (!spent.find()) {
            throw new IllegalArgumentException("A refresh token that was never issued");
        }
        Matcher issued = REFRESH_TOKEN.matcher(request.answer());
        var trouble = request.trouble();
        boolean overrun = trouble.drop()
                || trouble.beforeSpending().plus(trouble.beforeAnswer()).toMillis() > HARD_CAP_MILLIS;
        return new LedgerLine(
                mode,
                request.cameMillis(),
                request.spentMillis(),
                spent.group(1),
                Integer.parseInt(spent.group(2)),
                request.replica(),
                request.status(),
                issued.find() ? OptionalInt.of(Integer.parseInt(issued.group(2))) : OptionalInt.empty(),
                overrun);
    }

    String text() {
        return String.join(
                "\t",
                mode.name(),
                String.valueOf(cameMillis),
                String.valueOf(spentMillis),
                family,
                String.valueOf(number),
                replica,
                String.valueOf(status),
                successor.isPresent() ? String.valueOf(successor.getAsInt()) : "-",
                String.valueOf(overrun));
    }

    static LedgerLine read(String line) {
        String[] words = line.split("\t");
        return new LedgerLine(
                Mode.valueOf(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                words[3],
                Integer.parseInt(words[4]),
                words[5],
                Integer.parseInt(words[6]),
                words[7].equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(words[7])),
                Boolean.parseBoolean(words[8]));
    }

    boolean refreshed() {
        return successor.isPresent();
    }
}
