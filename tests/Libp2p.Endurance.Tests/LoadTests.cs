using Libp2p.Endurance.Loads;

namespace Libp2p.Endurance.Tests;

/// <summary>Little of everything: that all is given back, and that the figures are there.</summary>
public class LoadTests
{
    [Fact]
    public async Task A_node_carries_connections_streams_and_crowds_and_gives_everything_back()
    {
        var lines = new List<string>();
        var report = await new LoadCampaign(new LoadSize(Connections: 40, Streams: 200, Churn: 1000, Silent: 300, Slow: 20, TimeSpan.FromMilliseconds(300)), lines.Add).RunAsync();
        report.Holds.ShouldBeTrue(string.Join('\n', lines));
        report.Figures.ShouldAllBe(figure => !double.IsNaN(figure.Value));
        report.Figures.Select(figure => figure.Group).Distinct().ShouldBe(["connections", "streams", "churn", "honest ping"]);
        var chart = System.Xml.Linq.XDocument.Parse(LoadChart.Draw(report));
        chart.Descendants().Count(element => (string?)element.Attribute("class") == "bar").ShouldBe(report.Figures.Count);
    }
}
