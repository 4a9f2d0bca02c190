using System.Text.RegularExpressions;
using System.Xml.Linq;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>The picture of a run.</summary>
public partial class DrawingTests
{
    /// <summary>A folder to leave the pictures in, for somebody who wants to look.</summary>
    private const string FolderVariable = "LIBP2P_SIMULATION_DRAWINGS";

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Every_host_has_a_row_and_what_happened_is_in_it(int count)
    {
        var html = await DrawAsync(count);
        var svg = SvgOf(html);
        var texts = svg.Descendants().Where(static one => one.Name.LocalName == "text").Select(static one => one.Value).ToList();
        for (var i = 0; i < count; i++) texts.ShouldContain($"n{i}");
        Marks(svg, "dial").ShouldBeGreaterThanOrEqualTo(count - 1);
        Marks(svg, "up").ShouldBeGreaterThanOrEqualTo(2 * (count - 1));
        Marks(svg, "fault").ShouldBe(1);
        Marks(svg, "down").ShouldBe(1);
        Marks(svg, "note").ShouldBe(1);
        Marks(svg, "stream").ShouldBeGreaterThanOrEqualTo(count - 1, "each was asked who it is");
        var crashed = Bars(svg, $"n{count - 1} ");
        crashed.ShouldNotBeEmpty();
        crashed.ShouldAllBe(static bar => bar.EndsWith(": crashed", StringComparison.Ordinal), "what was up ends with its host");
        var height = double.Parse(svg.Attribute("height")!.Value, System.Globalization.CultureInfo.InvariantCulture);
        (height / count).ShouldBeGreaterThan(8, "rows can be told apart");
        height.ShouldBeLessThan(2000, "it fits on some screens");
        await KeepAsync($"{count}.html", html);
    }

    [Fact]
    public async Task A_bad_day_of_five_nodes_shows_what_broke_and_what_came_back()
    {
        var html = (await Simulation.RunAsync(1, Scenario.RunAsync, new SimulationOptions { Trace = TraceDetail.Connections }, TestContext.Current.CancellationToken)).ToHtml();
        var svg = SvgOf(html);
        Marks(svg, "fault").ShouldBe(1, "the partition");
        Marks(svg, "mark").ShouldBeGreaterThanOrEqualTo(1, "the cut");
        Marks(svg, "down").ShouldBe(1, "the crash");
        Marks(svg, "end").ShouldBeGreaterThan(0, "what it broke");
        Marks(svg, "stream").ShouldBeGreaterThan(20);
        await KeepAsync("day.html", html);
    }

    private static Task KeepAsync(string name, string html) => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        ? File.WriteAllTextAsync(Path.Combine(folder, name), html, TestContext.Current.CancellationToken)
        : Task.CompletedTask;

    [Fact]
    public async Task It_needs_nothing_from_elsewhere_and_shows_no_markup_of_others()
    {
        var html = await DrawAsync(2);
        Addresses().Matches(html).Select(static match => match.Value).Distinct().ShouldBe(["http://www.w3.org/2000/svg"]);
        html.ShouldNotContain("<script src");
        html.ShouldNotContain("<link");
        html.ShouldContain("&lt;b&gt;a note&lt;/b&gt;");
        html.ShouldNotContain("<b>a note");
        html.ShouldBe(await DrawAsync(2), "the same for every run of a seed");
    }

    private static async Task<string> DrawAsync(int count) => (await Simulation.RunAsync(1, async simulation =>
    {
        var nodes = new List<SimulatedNode>();
        for (var i = 0; i < count; i++) nodes.Add(await simulation.AddHost($"n{i}").StartAsync());
        foreach (var node in nodes.Skip(1))
        {
            await node.Node.ConnectAsync(nodes[0].Address);
            await simulation.Delay(TimeSpan.FromMilliseconds(20));
        }

        nodes[1].Host.Note("<b>a note</b>");
        using (simulation.Partition([nodes[1].Host])) await simulation.Delay(TimeSpan.FromSeconds(1));
        nodes[^1].Host.Crash();
        await simulation.Delay(TimeSpan.FromSeconds(1));
    }, new SimulationOptions { Trace = TraceDetail.Connections })).ToHtml();

    private static XElement SvgOf(string html)
    {
        var from = html.IndexOf("<svg", StringComparison.Ordinal);
        return XElement.Parse(html[from..(html.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
    }

    private static List<string> Bars(XElement svg, string host) =>
        [.. svg.Descendants().Where(static one => (string?)one.Attribute("class") == "up").Select(static one => one.Value).Where(text => text.Contains($" s {host}", StringComparison.Ordinal))];

    private static int Marks(XElement svg, string style) => svg.Descendants().Count(one => (string?)one.Attribute("class") == style);

    [GeneratedRegex("https?://[^\"' <]+")]
    private static partial Regex Addresses();
}
