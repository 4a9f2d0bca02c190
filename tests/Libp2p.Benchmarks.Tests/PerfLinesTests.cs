using System.Text.Json;

namespace Libp2p.Benchmarks.Tests;

/// <summary>The test peer's <c>perf</c>, which libp2p's test plans run: flags in, lines out.</summary>
public sealed class PerfLinesTests
{
    [Fact]
    public async Task Moves_what_is_asked_and_says_so_last()
    {
        await using var server = ChildProgram.Start(ChildProgram.TestPeer, "perf", "--run-server", "--server-address", "127.0.0.1:0");
        var listening = await server.ReadErrorLineAsync();
        var port = listening[(listening.LastIndexOf('/') + 1)..];
        await using var client = ChildProgram.Start(
            ChildProgram.TestPeer, "perf", "--server-address", $"127.0.0.1:{port}", "--transport", "tcp", "--upload-bytes", "3000000", "--download-bytes", "1000000");
        var (code, output, errors) = await client.ToEndAsync();
        code.ShouldBe(0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.SkipLast(1).ShouldAllBe(line => line.GetProperty("type").GetString() == "intermediary");
        var last = lines[^1];
        last.GetProperty("type").GetString().ShouldBe("final");
        last.GetProperty("uploadBytes").GetInt64().ShouldBe(3_000_000);
        last.GetProperty("downloadBytes").GetInt64().ShouldBe(1_000_000);
        last.GetProperty("timeSeconds").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_transport_that_is_not_there_is_told()
    {
        await using var client = ChildProgram.Start(ChildProgram.TestPeer, "perf", "--server-address", "127.0.0.1:1", "--transport", "quic-v1");
        var (code, _, errors) = await client.ToEndAsync();
        code.ShouldBe(3);
        errors.ShouldContain("unsupported: --transport quic-v1");
    }
}
