import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A chart of medians with the least and the most, as SVG that can be read on a light and on a dark page. */
final class Bars {

    private static final int ROW = 34;
    private static final int LABELS = 290;
    private static final int WIDTH = 860;
    private static final int VALUES = 90;

    private Bars() {}

    static void write(Path file, String title, Map<String, List<Double>> samples) throws IOException {
        double most = samples.values().stream()
                .flatMap(List::stream)
                .mapToDouble(one -> one)
                .max()
                .orElseThrow();
        double scale = (WIDTH - LABELS - VALUES) / most;
        int height = 50 + samples.size() * ROW;
        var svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                <text x="12" y="24" font-size="15" fill="#222222">%s</text>
                """.formatted(WIDTH, height, title));
        int y = 42;
        for (Map.Entry<String, List<Double>> bar : samples.entrySet()) {
            double median = Samples.median(bar.getValue());
            double low = bar.getValue().stream().mapToDouble(one -> one).min().orElseThrow();
            double high = bar.getValue().stream().mapToDouble(one -> one).max().orElseThrow();
            String colour = bar.getKey().startsWith("Tokenkeep") ? "#2f6fb0" : "#9aa4ae";
            svg.append(String.format(
                    Locale.ROOT,
                    """
                    <text x="%d" y="%d" text-anchor="end" fill="#222222">%s</text>
                    <rect x="%d" y="%d" width="%.1f" height="20" fill="%s"/>
                    <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#222222"/>
                    <text x="%.1f" y="%d" fill="#222222">%,.0f</text>
                    """,
                    LABELS - 10,
                    y + 15,
                    bar.getKey(),
                    LABELS,
                    y,
                    median * scale,
                    colour,
                    LABELS + low * scale,
                    LABELS + high * scale,
                    y + 10,
                    y + 10,
                    LABELS + high * scale + 8,
                    y + 15,
                    median));
            y += ROW;
        }
        Files.writeString(file, svg.append("</svg>\n"));
    }
}
