using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.Commands.Doctor;

/// <summary>What was found, for people and as JSON.</summary>
internal sealed class DoctorReport(IReadOnlyList<(string Section, IReadOnlyList<Finding> Findings)> sections)
{
    private const int LevelWidth = 9;
    private const int MaxText = 1000;

    public int Problems => Count(FindingLevel.Problem);

    public int Notes => Count(FindingLevel.Note);

    /// <summary>A JSON object a finding, then one that counts them.</summary>
    public void WriteJson(TextWriter output)
    {
        foreach (var (section, findings) in sections)
        {
            foreach (var finding in findings)
            {
                JsonLine.Write(output, json =>
                {
                    json.WriteString("event", "finding");
                    json.WriteString("section", section);
                    json.WriteString("subject", finding.Subject);
                    json.WriteString("level", NameOf(finding.Level));
                    json.WriteString("text", finding.Text);
                    if (finding.Remedy is not null) json.WriteString("remedy", finding.Remedy);
                });
            }
        }

        JsonLine.Write(output, json =>
        {
            json.WriteString("event", "doctor");
            json.WriteNumber("ok", Count(FindingLevel.Ok));
            json.WriteNumber("notes", Notes);
            json.WriteNumber("problems", Problems);
        });
    }

    /// <summary>Prints it; lines longer than <paramref name="width"/> go on below themselves.</summary>
    public void Print(IAnsiConsole console, int width)
    {
        var subjects = sections.SelectMany(s => s.Findings).Select(f => Line.CellsOf(Subject(f))).DefaultIfEmpty().Max();
        var indent = 2 + LevelWidth + subjects + 2;
        foreach (var (section, findings) in sections)
        {
            Write(console, new Line().Add(TerminalText.Clean(section, 40), Palette.Title));
            foreach (var finding in findings)
            {
                var text = Wrap(TerminalText.Clean(finding.Text, MaxText), width - indent);
                Write(console, new Line().Add("  ").AddCell(NameOf(finding.Level), LevelWidth, right: false, StyleOf(finding.Level)).AddCell(Subject(finding), subjects + 2, right: false).Add(text[0]));
                foreach (var rest in text[1..]) Write(console, new Line().FillTo(indent).Add(rest));
                if (finding.Remedy is null) continue;
                foreach (var line in Wrap("try: " + TerminalText.Clean(finding.Remedy, MaxText), width - indent)) Write(console, new Line().FillTo(indent).Add(line, Palette.Accent));
            }
        }

        Write(console, Line.Empty);
        var summary = Problems > 0 ? $"{Problems} to mend, {Notes} to know." : Notes > 0 ? $"All works; {Notes} to know." : "All is well.";
        Write(console, new Line().Add(summary, Problems > 0 ? Palette.Bad : Palette.Good));
    }

    private static string Subject(Finding finding) => TerminalText.Clean(finding.Subject, 40);

    private int Count(FindingLevel level) => sections.Sum(s => s.Findings.Count(f => f.Level == level));

    private static string NameOf(FindingLevel level) => level.ToString().ToLowerInvariant();

    private static Style StyleOf(FindingLevel level) => level switch
    {
        FindingLevel.Ok => Palette.Good,
        FindingLevel.Note => Palette.Warning,
        _ => Palette.Bad,
    };

    /// <summary>The text in lines of that width, cut at blanks; a word that is longer stays whole.</summary>
    private static List<string> Wrap(string text, int width)
    {
        width = Math.Max(width, 20);
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Line.CellsOf(line) + 1 + Line.CellsOf(word) > width)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        lines.Add(line);
        return lines;
    }

    private static void Write(IAnsiConsole console, Line line)
    {
        console.Write(line);
        console.WriteLine();
    }
}
