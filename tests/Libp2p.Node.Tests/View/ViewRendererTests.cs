using Libp2p.Hosting;
using Libp2p.Node.Output;
using Libp2p.Node.View;

namespace Libp2p.Node.Tests.View;

public sealed class ViewRendererTests
{
    [Theory]
    [InlineData(0, 80, 24)]
    [InlineData(1, 40, 12)]
    [InlineData(1, 80, 24)]
    [InlineData(1, 120, 40)]
    [InlineData(50, 40, 24)]
    [InlineData(50, 80, 24)]
    [InlineData(50, 120, 40)]
    public void Snapshot_of_the_view(int connections, int width, int height) =>
        Snapshot.Match(Text(Samples.Model(connections), width, height) + "\n", Snapshot.Folder("Snapshots"), $"{connections}-connections-{width}x{height}.txt");

    /// <summary>Whatever the size: as many lines as there are rows, none wider than the terminal, and none broken.</summary>
    [Fact]
    public void It_fits_every_terminal()
    {
        foreach (var connections in new[] { 0, 1, 5, 50 })
        {
            var model = Samples.Model(connections);
            for (var width = 1; width <= 130; width++)
            {
                foreach (var height in new[] { 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 16, 18, 24, 45 })
                {
                    var lines = ViewRenderer.Draw(model, width, height);
                    lines.Count.ShouldBe(height, $"{width}x{height}");
                    lines.ShouldAllBe(line => line.Cells <= width && !Plain(line).Contains('\n'), $"{width}x{height}");
                }
            }
        }
    }

    [Theory]
    [InlineData(24)]
    [InlineData(12)]
    [InlineData(40)]
    public void What_has_no_row_is_counted(int height)
    {
        var lines = Text(Samples.Model(50), 80, height).Split('\n');
        lines.ShouldContain(line => line.StartsWith("── 50 connections ", StringComparison.Ordinal));
        var shown = lines.Count(line => line.StartsWith('…'));
        shown.ShouldBeGreaterThan(2);
        lines.Count(line => line.StartsWith($"+ {50 - shown} more: ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(9.996, "10.0 ms")]
    [InlineData(99.96, "100 ms")]
    [InlineData(999.7, "1.0 s")]
    [InlineData(0.004, "0.00 ms")]
    public void Round_trips_fit_their_column(double milliseconds, string text) =>
        Text(Samples.Model(1) with { Connections = [Samples.Connection(0) with { RoundTrip = TimeSpan.FromMilliseconds(milliseconds) }] }, 80, 24).ShouldContain($" {text} ");

    [Fact]
    public void What_a_stranger_wrote_cannot_steer_the_terminal()
    {
        var hostile = Samples.Connection(0) with { Agent = "\e[2J\e]0;owned\a\r\nroot# \u202e" };
        var events = new ViewEvents(TimeProvider.System);
        events.Add(ViewEventKind.Refused, "\e[31m\nfake line");
        var model = Samples.Model(0) with { Connections = [hostile], Events = events.Snapshot() };
        var text = Text(model, 120, 24);
        text.Where(c => c != '\n').ShouldAllBe(c => !char.IsControl(c) && c != '\u202e');
        text.Split('\n').Length.ShouldBe(24);
    }

    [Fact]
    public void Wide_characters_do_not_shift_the_columns()
    {
        var rows = new[] { Samples.Connection(0) with { Agent = "節点/1.0 🚀" }, Samples.Connection(1) };
        foreach (var width in new[] { 60, 80, 100, 120 })
        {
            var lines = ConnectionTable.Lines(rows, width, rates: true, roundTrips: true).ToList();
            lines.Select(line => line.Cells).Distinct().ShouldHaveSingleItem($"at {width}");
        }
    }

    [Fact]
    public void Plugins_left_out_are_named()
    {
        var broken = new PluginReport { Name = "Acme.Broken", State = PluginState.LeftOut };
        var model = Samples.Model(0);
        model = model with { Node = model.Node with { Plugins = [.. model.Node.Plugins, broken] } };
        Text(model, 80, 24).ShouldContain("left out: Acme.Broken ('libp2p plugins' says why)");
    }

    [Theory]
    [InlineData(ViewPhase.Paused, "paused: what is shown stands still", "p go on")]
    [InlineData(ViewPhase.Stopping, "stopping", "p pause")]
    internal void What_the_node_is_about_is_said(ViewPhase phase, string said, string key)
    {
        var lines = Text(Samples.Model(1) with { Phase = phase }, 80, 24).Split('\n');
        lines[0].ShouldEndWith(said);
        lines[^1].ShouldContain(key);
    }

    [Theory]
    [InlineData(150, "/p2p/" + Samples.Self)]
    [InlineData(80, "/tcp/4001")]
    public void The_ping_command_is_whole(int width, string end) =>
        Text(Samples.Model(0), width, 24).Split('\n').Single(line => line.StartsWith("ping it", StringComparison.Ordinal)).ShouldEndWith(end);

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001", "192.0.2.1:4001")]
    [InlineData("/ip6/2001:db8::1/tcp/4001", "[2001:db8::1]:4001")]
    [InlineData("/dns4/example.org/tcp/443/tls/ws", "example.org:443/tls/ws")]
    [InlineData("/ip4/192.0.2.1/udp/4001/quic-v1", "192.0.2.1:4001/quic-v1")]
    [InlineData("/unix/%2Frun%2Fnode.sock", "/unix/%2Frun%2Fnode.sock")]
    public void Addresses_where_there_is_little_room(string address, string shown) =>
        string.Concat(ConnectionTable.Lines([Samples.Connection(0) with { Address = address, Agent = null }], 95, rates: true, roundTrips: true).Last().Segments.Select(s => s.Text)).ShouldContain($" {shown} ");

    [Theory]
    [InlineData(new double[0], 4, "    ")]
    [InlineData(new double[] { 0, 0 }, 4, "  ▁▁")]
    [InlineData(new double[] { 9, 1, 100, 50, 0 }, 4, "▂█▅▁")]
    public void Sparkline(double[] values, int width, string drawn) => Libp2p.Node.View.Sparkline.Of(values, width).ShouldBe(drawn);

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("節点", 3, "節…")]
    [InlineData("節点", 2, "…")]
    [InlineData("abc", 0, "")]
    public void Fit(string text, int width, string fitted) => Line.Fit(text, width).ShouldBe(fitted);

    private static string Text(ViewModel model, int width, int height) => string.Join('\n', ViewRenderer.Draw(model, width, height).Select(Plain));

    private static string Plain(Line line) => string.Concat(line.Segments.Select(segment => segment.Text)).TrimEnd();
}
