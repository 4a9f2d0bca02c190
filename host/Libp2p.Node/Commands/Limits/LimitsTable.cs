using System.Globalization;
using System.Text.Json;
using Libp2p.Node.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Libp2p.Node.Commands.Limits;

/// <summary>What a node answered to <c>limits</c>, as a person reads it. No line wraps.</summary>
internal static class LimitsTable
{
    private const int Bar = 20;
    private const int Peers = 10;

    /// <param name="limits">The answer.</param>
    /// <param name="blocks">Whether bars may be drawn with blocks, or with letters only.</param>
    public static IRenderable Of(JsonElement limits, bool blocks) => new Rows(Lines(limits, blocks));

    public static IEnumerable<Line> Lines(JsonElement limits, bool blocks)
    {
        var pressure = limits.GetProperty("pressure").GetString()!;
        yield return new Line().Add("pressure  ", Palette.Quiet).Add(Explain(pressure), pressure switch { "none" => Palette.Good, "evict" => Palette.Bad, _ => Palette.Warning });
        yield return new Line().AddCell("", 22, right: false).AddCell("used", 10, right: true, Palette.Quiet).AddCell("limit", 11, right: true, Palette.Quiet).Add("  ").AddCell("", Bar + 7, right: false).Add("option", Palette.Quiet);
        foreach (var use in limits.GetProperty("limits").EnumerateArray())
        {
            var name = use.GetProperty("name").GetString()!;
            var (used, limit) = (use.GetProperty("used").GetInt64(), use.GetProperty("limit").GetInt64());
            var share = limit > 0 ? (double)used / limit : 0;
            yield return new Line()
                .AddCell(name, 22, right: false)
                .AddCell(Amount(name, used), 10, right: true, Palette.Accent)
                .AddCell(Amount(name, limit), 11, right: true)
                .Add("  ")
                .AddCell(Fill(share, blocks), Bar, right: false, share switch { >= 0.8 => Palette.Bad, >= 0.4 => Palette.Warning, _ => Palette.Good })
                .AddCell(share.ToString("0 %", CultureInfo.InvariantCulture), 6, right: true)
                .Add(" ")
                .Add(use.GetProperty("option").GetString()!, Palette.Quiet);
        }

        var peers = limits.GetProperty("peers").EnumerateArray().ToList();
        if (peers.Count > 0)
        {
            yield return Line.Empty;
            yield return new Line().AddCell("peers, greediest first", 54, right: false, Palette.Quiet).AddCell("bytes", 9, right: true, Palette.Quiet).AddCell("conns", 7, right: true, Palette.Quiet).AddCell("streams", 9, right: true, Palette.Quiet).AddCell("value", 8, right: true, Palette.Quiet);
        }

        foreach (var peer in peers.Take(Peers))
        {
            var protections = string.Join(", ", peer.GetProperty("protections").EnumerateArray().Select(name => name.GetString()));
            yield return new Line()
                .AddCell(peer.GetProperty("peer").GetString()!, 54, right: false, Palette.Accent)
                .AddCell(TerminalText.Bytes(peer.GetProperty("bytes").GetInt64()), 9, right: true)
                .AddCell(Number(peer, "connections"), 7, right: true)
                .AddCell(Number(peer, "streams"), 9, right: true)
                .AddCell(Number(peer, "value"), 8, right: true)
                .Add(protections.Length > 0 ? $"  protected by {TerminalText.Clean(protections)}" : "", Palette.Good);
        }

        if (peers.Count > Peers) yield return new Line().Add($"and {peers.Count - Peers} more", Palette.Quiet);
        var protocols = limits.GetProperty("protocols").EnumerateArray().ToList();
        if (protocols.Count > 0)
        {
            yield return Line.Empty;
            yield return new Line().AddCell("protocols served", 54, right: false, Palette.Quiet).AddCell("bytes", 9, right: true, Palette.Quiet).AddCell("", 7, right: true).AddCell("streams", 9, right: true, Palette.Quiet);
        }

        foreach (var protocol in protocols)
        {
            yield return new Line().AddCell(TerminalText.Clean(protocol.GetProperty("protocol").GetString()), 54, right: false).AddCell(TerminalText.Bytes(protocol.GetProperty("bytes").GetInt64()), 9, right: true).AddCell("", 7, right: true).AddCell(Number(protocol, "streams"), 9, right: true);
        }

        yield return Line.Empty;
        yield return new Line().Add("closed    ", Palette.Quiet).Add($"{Number(limits, "evicted")} to make room, {Number(limits, "idleClosed")} idle");
        var refusals = limits.GetProperty("refusals").EnumerateArray().ToList();
        if (refusals.Count == 0) yield return new Line().Add("refused   ", Palette.Quiet).Add("nothing");
        foreach (var refusal in refusals)
        {
            yield return new Line().Add("refused   ", Palette.Quiet).Add($"{Number(refusal, "count")} × ", Palette.Warning).Add(TerminalText.Clean(refusal.GetProperty("last").GetString(), 400));
        }
    }

    private static string Explain(string pressure) => pressure switch
    {
        "none" => "none",
        "shrink" => "shrink: over 40 %, windows do not grow, and those that grew shrink",
        "refuse-optional" => "refuse-optional: over 60 %, also optional work is refused",
        "evict" => "evict: over 80 %, also the connections of least value are closed",
        _ => TerminalText.Clean(pressure),
    };

    private static string Amount(string name, long amount) => name.EndsWith("bytes", StringComparison.Ordinal) ? TerminalText.Bytes(amount) : amount.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(JsonElement of, string name) => of.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);

    private static string Fill(double share, bool blocks)
    {
        var cells = Math.Clamp((int)Math.Round(share * Bar), 0, Bar);
        return cells == 0 && share > 0 ? (blocks ? "▏" : "|") : new string(blocks ? '█' : '#', cells);
    }
}
