using System.Text.RegularExpressions;
using Libp2p.Architecture.Tests.Reading;

namespace Libp2p.Architecture.Tests;

/// <summary>docs/telemetry.md says what is published, all of it, and nothing else.</summary>
public partial class TelemetryTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));

    private static readonly string _sources = string.Join(
        '\n', new[] { "abstractions", "host", "plugins" }.SelectMany(static folder => Repository.Files(Path.Combine(Repository.Root, folder), "*.cs")).Select(File.ReadAllText));

    [Fact]
    public void Every_instrument_is_in_the_table_with_its_unit()
    {
        var made = Instrument().Matches(_sources).Select(static match => $"{match.Groups[2].Value} in {match.Groups[3].Value}, {KindOf(match.Groups[1].Value)}").Order(StringComparer.Ordinal).ToArray();
        made.Length.ShouldBeGreaterThan(30);
        made.Distinct().ShouldBe(made, "a name is an instrument's own");
        var told = Rows("## Metrics").Select(static row => $"{row[0]} in {row[1]}, {row[2]}").Order(StringComparer.Ordinal);
        told.ShouldBe(made);
    }

    [Fact]
    public void Every_activity_is_in_the_table_and_every_tag_that_it_names_is_set()
    {
        var started = Activity().Matches(_sources).Select(static match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToArray();
        Rows("## Activities").Select(static row => row[0]).Order(StringComparer.Ordinal).ShouldBe(started);
        foreach (var name in Rows("## Activities").SelectMany(static row => Name().Matches($"{row[1]} {row[2]}").Select(static match => match.Value)))
        {
            _sources.ShouldContain($"\"{name}\"");
        }
    }

    private static string KindOf(string factory) => factory switch
    {
        "UpDownCounter" => "up-down counter",
        _ => factory.ToLowerInvariant(),
    };

    /// <summary>The rows of the table under a heading, without the marks of code.</summary>
    private static IEnumerable<string[]> Rows(string heading)
    {
        var section = _page[_page.IndexOf(heading, StringComparison.Ordinal)..];
        var table = section[(section.IndexOf("|---|", StringComparison.Ordinal) - 1)..];
        foreach (var line in table.Split('\n').SkipWhile(static line => !line.StartsWith("|---|", StringComparison.Ordinal)).Skip(1))
        {
            if (!line.StartsWith('|')) yield break;
            yield return [.. line.Trim('|').Split(" | ").Select(static cell => cell.Trim().Replace("`", "", StringComparison.Ordinal))];
        }
    }

    [GeneratedRegex("""Create(UpDownCounter|Counter|Histogram|ObservableGauge)<\w+>\(\s*"([^"]+)",\s*"([^"]+)",""")]
    private static partial Regex Instrument();

    [GeneratedRegex("""(?:StartActivity\(|const string \w+Activity = )"(libp2p\.[^"]+)"\)?""")]
    private static partial Regex Activity();

    [GeneratedRegex("libp2p[.a-z]+")]
    private static partial Regex Name();
}
