using System.Globalization;
using System.Net;
using System.Text;

namespace Libp2p.Endurance.Loads;

/// <summary>The figures as a picture: bars within each group and unit, the longest the largest. Follows the viewer's light or dark.</summary>
internal static class LoadChart
{
    private const int Width = 920;
    private const int Left = 430;
    private const int Bars = 340;
    private const int Step = 22;

    public static string Draw(LoadReport report)
    {
        var body = new StringBuilder();
        var y = 70;
        foreach (var group in report.Figures.GroupBy(static figure => figure.Group))
        {
            y += 14;
            body.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"group\" x=\"24\" y=\"{y}\">{group.Key}</text>");
            y += 20;
            foreach (var figure in group)
            {
                var largest = group.Where(other => other.Unit == figure.Unit).Max(static other => other.Value);
                var length = largest > 0 ? Math.Max(1, figure.Value / largest * Bars) : 1;
                body.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"end\" x=\"{Left - 10}\" y=\"{y}\">{WebUtility.HtmlEncode(figure.Name)}</text>");
                body.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"bar\" x=\"{Left}\" y=\"{y - 11}\" width=\"{length:0.#}\" height=\"14\" rx=\"2\"/>");
                body.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"faint\" x=\"{Left + length + 8:0.#}\" y=\"{y}\">{WebUtility.HtmlEncode(figure.Amount)}</text>");
                y += Step;
            }
        }

        return $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{y + 10}}" width="{{Width}}" role="img" aria-label="What one node carries">
            <style>
            text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1b1f24 }
            .head { font-size: 20px; font-weight: 600 } .group { font-size: 15px; font-weight: 600 } .end { text-anchor: end } .faint { fill: #667080 } .paper { fill: #ffffff } .bar { fill: #2563eb }
            @media (prefers-color-scheme: dark) { text { fill: #e6e9ed } .faint { fill: #94a0b0 } .paper { fill: #0f1419 } .bar { fill: #5b93ff } }
            </style>
            <rect class="paper" width="100%" height="100%" rx="8"/>
            <text class="head" x="24" y="36">Libp2p.Framework under load: one node, TCP + Noise + yamux</text>
            <text class="faint" x="24" y="56">{{Environment.ProcessorCount}} processors, shared with whoever loads it; of each unit in a group the longest bar is the largest</text>
            {{body}}</svg>

            """;
    }
}
