package dev.flannelx.lab;

import java.util.List;
import java.util.function.UnaryOperator;

/** Rows of cells as aligned lines, for a person. */
public final class TextTable {
    private TextTable() {}

    /**
     * The lines, each indented and ended.
     *
     * @param rows all of the same length; the first is the header
     * @param styled gives a cell its style, which takes no room; or leaves it as it is
     */
    public static String of(List<List<String>> rows, UnaryOperator<String> styled) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder("  ");
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                line.append(styled.apply(cell))
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
