package dev.tokenkeep.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One run's figures, and the table that shows them. */
record Report(
        long seed,
        Form form,
        long kills,
        long stops,
        String skew,
        int failedCommits,
        int cuts,
        int outages,
        int served,
        int expired,
        int withheld,
        int unanswered,
        Takeovers takeovers,
        List<Verdict> verdicts) {

    String table() {
        var lines = new ArrayList<String>();
        lines.add("| | " + row(verdict -> verdict.mode().registration()));
        lines.add("|---|" + "---|".repeat(verdicts.size()));
        lines.add("| sessions | " + row(Verdict::sessions));
        lines.add("| refreshes | " + row(Verdict::refreshes));
        lines.add("| refresh tokens spent twice | "
                + row(verdict -> verdict.mode() == Mode.NONE ? "not rotated" : verdict.spentTwice()));
        lines.add("| forked chains | " + row(Verdict::forks));
        lines.add("| families revoked for reuse | "
                + row(verdict -> verdict.mode() == Mode.NONE || verdict.mode() == Mode.STRICT
                        ? "–"
                        : verdict.familiesRevoked()));
        lines.add("| sessions lost | " + row(Verdict::ended));
        lines.add("| of them cut off by a kill, a stop or an answer beyond the hard cap, and flagged so | "
                + row(Verdict::excused));
        lines.add("| falsely ended | " + row(Verdict::falselyEnded));
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        lines.add("| seed | " + seed + " |");
        lines.add(
                "| SIGKILLs, SIGSTOPs of 24 s, SIGTERMs | " + kills + ", " + stops + ", " + form.terminations() + " |");
        lines.add("| wall clock of one replica | " + skew + " |");
        lines.add("| commits refused, connections cut, outages of the database | " + failedCommits + ", " + cuts + ", "
                + outages + " |");
        lines.add("| tokens read | " + served + " |");
        lines.add("| expired tokens served | " + expired + " |");
        lines.add("| good tokens withheld | " + withheld + " |");
        lines.add("| reads that a dead replica or database could not answer | " + unanswered + " |");
        lines.add(
                "| takeovers after a SIGKILL (none, leeway), not counting outages of the database: number, p50, p99, longest | "
                        + takeovers.times().size() + ", " + seconds(50) + ", " + seconds(99) + ", " + seconds(100)
                        + " |");
        return String.join("\n", lines) + "\n";
    }

    private String seconds(int percent) {
        return "%.1f s".formatted(takeovers.percentile(percent).toMillis() / 1000.0);
    }

    private String row(Function<Verdict, Object> figure) {
        return verdicts.stream().map(figure).map(String::valueOf).collect(Collectors.joining(" | ")) + " |";
    }
}
