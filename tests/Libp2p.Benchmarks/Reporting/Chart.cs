using System.Globalization;
using System.Net;
using System.Text;
using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Racing;

namespace Libp2p.Benchmarks.Reporting;

/// <summary>The run as a picture: a panel for each figure, a bar for each contender with the spread of its rounds. Follows the viewer's light or dark.</summary>
internal sealed class Chart
{
    private const int Columns = 2;
    private const int PanelWidth = 470;
    private const int Margin = 24;
    private const int NameWidth = 62;
    private const int ValueWidth = 168;
    private const int BarHeight = 14;
    private const int BarStep = 20;
    private const int TitleHeight = 26;
    private const int PanelGap = 16;
    private const int GroupHeight = 44;
    private const int HeadHeight = 78;

    private static readonly Dictionary<string, string> GroupTitles = new()
    {
        ["up"] = "Throughput, dialer to server", ["down"] = "Throughput, server to dialer", ["rtt"] = "Round trips", ["streams"] = "New streams",
        ["handshakes"] = "Handshakes", ["idle"] = "Memory of what is idle", ["start"] = "Start", ["growth"] = "Growth", ["fairness"] = "Fairness",
        ["starvation"] = "Starvation",
    };

    private const string Style = """
        text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1b1f24 }
        .head { font-size: 20px; font-weight: 600 } .group { font-size: 15px; font-weight: 600 } .title { font-weight: 600 } .end { text-anchor: end }
        .faint { fill: #667080; font-weight: 400 } .paper { fill: #ffffff } .rule { stroke: #e3e7ec } .spread { stroke: #1b1f24; stroke-opacity: .55; stroke-width: 1.5 }
        .ours { fill: #2563eb } .inline { fill: #60a5fa } .native { fill: #1e40af } .limit { fill: #94a3b8 } .other1 { fill: #f59e0b } .other2 { fill: #10b981 } .other3 { fill: #a855f7 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6e9ed } .faint { fill: #94a0b0 } .paper { fill: #0f1419 } .rule { stroke: #27303a } .spread { stroke: #e6e9ed }
          .ours { fill: #5b93ff } .inline { fill: #93c0fd } .native { fill: #3f6fe0 } .limit { fill: #5d6b7c }
        }
        """;

    private readonly StringBuilder _body = new();
    private int _y = HeadHeight;

    private Chart()
    {
    }

    public static string Draw(Report report)
    {
        var chart = new Chart();
        foreach (var group in report.Outcomes.GroupBy(o => o.Figure.Group)) chart.DrawGroup(GroupTitles.GetValueOrDefault(group.Key, group.Key), [.. group]);
        var width = (Columns * PanelWidth) + ((Columns + 1) * Margin);
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {chart._y + Margin}" width="{width}" role="img" aria-label="Benchmarks of Libp2p.Framework">
            <style>
            {Style}
            </style>
            <rect class="paper" width="100%" height="100%" rx="8"/>
            <text class="head" x="{Margin}" y="36">Libp2p.Framework: TCP + Noise + yamux, two processes</text>
            <text class="faint" x="{Margin}" y="58">{Escape($"{report.Machine.Started:yyyy-MM-dd}, {report.Machine.Processor}, {report.Machine.Cores} cores, {report.Machine.Congestion}; medians and spread of {report.Rounds} rounds in turns; in brackets: ours to it")}</text>
            {chart._body}</svg>

            """;
    }

    private void DrawGroup(string title, IReadOnlyList<Outcome> outcomes)
    {
        _body.AppendLine(CultureInfo.InvariantCulture, $"""<line class="rule" x1="{Margin}" x2="{(Columns * (PanelWidth + Margin))}" y1="{_y + 8}" y2="{_y + 8}"/><text class="group" x="{Margin}" y="{_y + 32}">{Escape(title)}</text>""");
        _y += GroupHeight;
        foreach (var row in outcomes.Chunk(Columns))
        {
            for (var column = 0; column < row.Length; column++) DrawPanel(row[column], Margin + (column * (PanelWidth + Margin)));
            _y += TitleHeight + (row.Max(o => o.Contenders.Count) * BarStep) + PanelGap;
        }
    }

    private void DrawPanel(Outcome outcome, int x)
    {
        var most = outcome.Contenders.Max(c => c.Series.Most) is { } m and > 0 ? m : 1;
        var better = outcome.Figure.MoreIsBetter ? "longer is better" : "shorter is better";
        _body.AppendLine(CultureInfo.InvariantCulture, $"""<text class="title" x="{x}" y="{_y + 14}">{Escape(outcome.Figure.Title)} <tspan class="faint">{better}</tspan></text>""");
        var ours = outcome.Of(Contender.Ours);
        var y = _y + TitleHeight;
        var others = 0;
        foreach (var (name, series) in outcome.Contenders)
        {
            var color = ColorOf(name, ref others);
            var middle = y + (BarHeight / 2);
            _body.Append(CultureInfo.InvariantCulture, $"""<text class="faint end" x="{x + NameWidth - 8}" y="{middle + 4}">{Escape(name)}</text>""");
            if (series.Median is { } median)
            {
                var scale = (PanelWidth - NameWidth - ValueWidth) / most;
                var left = x + NameWidth;
                var ratio = name == Contender.Ours || ours?.RatioTo(series) is not { } r ? "" : $" ({Numbers.Ratio(r)})";
                _body.Append(CultureInfo.InvariantCulture, $"""<rect x="{left}" y="{y}" width="{Math.Max(1, median * scale):0.0}" height="{BarHeight}" rx="2" class="{color}"/>""");
                _body.Append(CultureInfo.InvariantCulture, $"""<line class="spread" x1="{left + (series.Least * scale):0.0}" x2="{left + (series.Most * scale):0.0}" y1="{middle}" y2="{middle}"/>""");
                _body.Append(CultureInfo.InvariantCulture, $"""<text x="{left + (series.Most * scale) + 8:0.0}" y="{middle + 4}">{Escape($"{Numbers.Short(median)} {outcome.Figure.Unit}{ratio}")}</text>""");
            }

            _body.AppendLine();
            y += BarStep;
        }
    }

    private static string ColorOf(string name, ref int others) => name switch
    {
        Contender.Ours => "ours",
        Contender.Inline => "inline",
        Contender.Native => "native",
        Contender.Ceiling or Contender.Raw => "limit",
        _ => others++ switch { 0 => "other1", 1 => "other2", _ => "other3" },
    };

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
