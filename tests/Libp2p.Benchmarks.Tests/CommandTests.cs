using System.Text.Json;
using System.Xml.Linq;

namespace Libp2p.Benchmarks.Tests;

/// <summary>The command as its users meet it, with as little of everything as shows that it works.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Measures_nodes_bare_sockets_and_a_peer_and_writes_the_table_the_numbers_and_the_chart()
    {
        var folder = Directory.CreateTempSubdirectory("libp2p-benchmarks-");
        try
        {
            var (json, chart) = (Path.Combine(folder.FullName, "run.json"), Path.Combine(folder.FullName, "run.svg"));
            await using var run = ChildProgram.Start(
                ChildProgram.Benchmarks, "--quick", "--figures", "up-64kib,streams-1", "--contenders", "raw,peer", "--peer", $"peer=dotnet {ChildProgram.TestPeer}", "--json", json, "--chart", chart);
            var (code, output, errors) = await run.ToEndAsync();
            code.ShouldBe(0, errors);
            output.ShouldContain("| up, 1 stream, writes of 64 KiB");
            errors.ShouldContain("[2/2] new streams, 1 at a time: ours ");

            using var numbers = JsonDocument.Parse(await File.ReadAllTextAsync(json));
            var figures = numbers.RootElement.GetProperty("figures").EnumerateArray().ToList();
            figures.Select(f => f.GetProperty("key").GetString()).ShouldBe(["up-64kib", "streams-1"]);
            foreach (var contender in figures.SelectMany(f => f.GetProperty("contenders").EnumerateArray()))
            {
                contender.GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
                contender.GetProperty("rounds").GetArrayLength().ShouldBe(1);
            }

            figures[0].GetProperty("contenders").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(["ours", "raw", "peer"]);
            XDocument.Parse(await File.ReadAllTextAsync(chart)).Root!.Name.LocalName.ShouldBe("svg");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--figures", "sideways")]
    [InlineData("--rounds", "none")]
    [InlineData("--loudly")]
    public async Task A_wrong_command_line_is_told(params string[] arguments)
    {
        await using var run = ChildProgram.Start(ChildProgram.Benchmarks, arguments);
        var (code, _, errors) = await run.ToEndAsync();
        code.ShouldBe(2);
        errors.ShouldContain("usage:");
    }
}
