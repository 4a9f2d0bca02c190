using System.Text.Json.Nodes;
using Libp2p.Node.Commands;

namespace Libp2p.Node.Tests;

public sealed class PerfTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Measures_a_node_that_serves()
    {
        await using var node = NodeProcess.StartWith(_data.Path, new() { ["Libp2p__Plugins__perf__Serve"] = "true" }, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var address = (string)node.Event("listening")["addrs"]![0]!;
        var (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "perf", address, "--upload", "3MiB", "--download", "2000000", "--json");
        code.ShouldBe(0, errors);
        var summary = JsonNode.Parse(output.Last())!.AsObject();
        ((string)summary["event"]!).ShouldBe("summary");
        ((long)summary["uploaded"]!).ShouldBe(3 << 20);
        ((long)summary["downloaded"]!).ShouldBe(2_000_000);

        (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "perf", address, "-u", "1MiB", "-d", "0");
        code.ShouldBe(0, errors);
        output.Last().ShouldStartWith("up");
        output.Last().ShouldContain("1.0 MiB");
    }

    [Fact]
    public async Task A_node_that_does_not_serve_is_told_how_to()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var (code, _, errors) = await NodeProcess.RunAsync(_other.Path, "perf", (string)node.Event("listening")["addrs"]![0]!);
        code.ShouldBe(12);
        errors.ShouldContain("Libp2p:Plugins:perf:Serve");
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1000000", 1_000_000)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1mib", 1_048_576)]
    [InlineData("4294967296GiB", 1L << 62)]
    public void Sizes_are_read(string text, long bytes)
    {
        PerfCommand.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("MiB")]
    [InlineData("4294967297GiB")]
    [InlineData("99999999999999999999")]
    public void What_is_no_size_is_refused(string text) => PerfCommand.TryParse(text, out _).ShouldBeFalse();
}
