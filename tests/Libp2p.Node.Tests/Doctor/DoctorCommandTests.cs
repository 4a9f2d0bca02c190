using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests.Doctor;

/// <summary><c>libp2p doctor</c> as its users meet it.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Looks_at_every_side_and_changes_nothing()
    {
        var folder = Path.Combine(_data.Path, "none");
        var (code, output, errors) = await NodeProcess.RunAsync(folder, "doctor", "--json");
        code.ShouldBe(0, errors + string.Join('\n', output));
        Directory.Exists(folder).ShouldBeFalse();
        var findings = Findings(output);
        findings.Select(f => (string)f["section"]!).Distinct()
            .ShouldBe(["runtime", "identity keys", "primitives of plugins", "sockets", "network", "limits", "data folder", "plugins", "clock"]);
        findings.ShouldContain(f => (string)f["subject"]! == "X25519");
        findings.ShouldContain(f => (string)f["subject"]! == "tcp" && (string)f["level"]! == "ok");
        findings.ShouldAllBe(f => (string)f["level"]! != "problem" && ((string)f["level"]! == "ok" ? f["remedy"] == null : f["text"] != null));
        var summary = JsonNode.Parse(output[^1])!;
        ((string)summary["event"]!).ShouldBe("doctor");
        ((int)summary["ok"]! + (int)summary["notes"]!).ShouldBe(findings.Count);
        ((int)summary["problems"]!).ShouldBe(0);
    }

    [Fact]
    public async Task A_problem_fails_the_command_and_comes_with_a_remedy()
    {
        Directory.CreateDirectory(Path.Combine(_data.Path, "plugins", "Acme.Empty"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_data.Path, (UnixFileMode)0b111_111_111);
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "doctor", "--json");
        code.ShouldBe(1, errors);
        var problems = Findings(output).Where(f => (string)f["level"]! == "problem").ToDictionary(f => (string)f["subject"]!);
        problems.Keys.ShouldBe(OperatingSystem.IsWindows() ? ["Acme.Empty"] : ["folder", "Acme.Empty"]);
        ((string)problems["Acme.Empty"]["text"]!).ShouldContain("no Acme.Empty.dll");
        if (!OperatingSystem.IsWindows()) ((string)problems["folder"]["remedy"]!).ShouldBe($"chmod 700 {_data.Path}");
        (code, output, _) = await NodeProcess.RunAsync(_data.Path, "doctor");
        code.ShouldBe(1);
        output.ShouldContain(line => line.TrimStart().StartsWith("problem", StringComparison.Ordinal) && line.Contains("Acme.Empty"));
        output.ShouldContain(line => line.TrimStart().StartsWith("try: Name the folder after", StringComparison.Ordinal));
        output[^1].ShouldContain("to mend");
    }

    [Fact]
    public async Task A_key_that_others_can_read_is_a_problem()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("modes are of Unix");
        InProcess.Run("id", "--data", _data.Path).ExitCode.ShouldBe(0);
        var key = Path.Combine(_data.Path, "identity.key");
        File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.GroupRead);
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "doctor", "--json");
        code.ShouldBe(1, errors);
        ((string)Findings(output).Single(f => (string)f["level"]! == "problem")["text"]!).ShouldContain($"chmod 600 {key}");
    }

    [Fact]
    public async Task A_configuration_that_starts_no_node_is_a_problem()
    {
        await File.WriteAllTextAsync(Path.Combine(_data.Path, "config.json"), """{"Libp2p":{"Swarm":{"Resources":{"MaxConnections":0}}}}""");
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "doctor", "--json");
        code.ShouldBe(1, errors);
        var problem = Findings(output).Single(f => (string)f["level"]! == "problem");
        ((string)problem["section"]!).ShouldBe("configuration");
        ((string)problem["text"]!).ShouldContain("MaxConnections");
        await File.WriteAllTextAsync(Path.Combine(_data.Path, "config.json"), "{");
        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "doctor", "--json");
        code.ShouldBe(1, errors);
        ((string)Findings(output).Single(f => (string)f["level"]! == "problem")["text"]!).ShouldContain("config.json");
    }

    [Fact]
    public async Task Tells_of_the_node_that_runs_on_the_folder()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        node.Event("listening");
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "doctor", "--json");
        code.ShouldBe(0, errors + string.Join('\n', output));
        ((string)Findings(output).Single(f => (string)f["subject"]! == "node")["text"]!).ShouldContain($"as pid {node.Pid},");
    }

    private static List<JsonObject> Findings(List<string> output) =>
        [.. output.Select(line => JsonNode.Parse(line)!.AsObject()).Where(json => (string)json["event"]! == "finding")];
}
