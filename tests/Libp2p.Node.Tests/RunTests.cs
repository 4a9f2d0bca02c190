using System.Text.Json.Nodes;

namespace Libp2p.Node.Tests;

/// <summary>A node from its start to its end.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DataFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Listens_finds_its_plugins_and_ends_well_on_a_signal(string signal)
    {
        await using var node = NodeProcess.Start(_data.Path, "--json");
        var listening = node.Event("listening");
        var id = (string)listening["peerId"]!;
        var addresses = listening["addrs"]!.AsArray().Select(a => (string)a!).ToList();
        addresses.ShouldNotBeEmpty();
        addresses.ShouldAllBe(a => a.EndsWith($"/p2p/{id}", StringComparison.Ordinal) && !a.Contains("/tcp/0/") && !a.Contains("/0.0.0.0/"));
        var plugins = listening["plugins"]!.AsArray().ToDictionary(p => (string)p!["name"]!, p => p!.AsObject());
        plugins.Keys.ShouldBe(["tcp", "noise", "private-network", "tls", "yamux", "identify", "ping", "perf", "datastore-sqlite", "records"], ignoreOrder: true);
        plugins.Values.ShouldAllBe(p => (string)p["state"]! == "active" && ((string)p["version"]!).Length > 0 && Directory.Exists((string)p["folder"]!));

        await node.SignalAsync(signal);
        var (code, output, errors) = await node.EndAsync();
        code.ShouldBe(0, errors);
        output.Last().ShouldContain("\"stopped\"");
    }

    [Fact]
    public async Task The_command_it_shows_pings_it_from_a_second_process()
    {
        await using var node = NodeProcess.Start(_data.Path);
        var command = node.Line(line => line.Contains(" ping /", StringComparison.Ordinal)).Trim();
        var address = command[(command.IndexOf(" ping ", StringComparison.Ordinal) + 6)..];
        var (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "ping", address, "--count", "3", "--interval", "0");
        code.ShouldBe(0, errors);
        output.Count(line => line.Contains(" time=", StringComparison.Ordinal)).ShouldBe(3);
        output.ShouldContain("3 sent, 3 answered, 0 % lost");
        output.Last().ShouldStartWith("rtt min/avg/max/mdev = ");
    }

    [Fact]
    public async Task Ping_and_identify_print_json_lines()
    {
        await using var node = NodeProcess.Start(_data.Path, "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        var address = (string)listening["addrs"]!.AsArray().Single()!;
        var (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "ping", address, "-c", "2", "-i", "0", "--json");
        code.ShouldBe(0, errors);
        var lines = output.Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        lines.Count(l => (string)l["event"]! == "ping").ShouldBe(2);
        ((int)lines.Last()["answered"]!).ShouldBe(2);

        (code, output, errors) = await NodeProcess.RunAsync(_other.Path, "identify", address, "--json");
        code.ShouldBe(0, errors);
        var info = JsonNode.Parse(output.Single())!.AsObject();
        ((string)info["peerId"]!).ShouldBe((string)listening["peerId"]!);
        info["protocols"]!.AsArray().Select(p => (string)p!).ShouldContain("/ipfs/ping/1.0.0");
        ((bool)info["signedRecord"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task The_identity_is_made_once_kept_private_and_printed()
    {
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "id", "--json");
        code.ShouldBe(0, errors);
        var first = JsonNode.Parse(output.Single())!.AsObject();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode((string)first["file"]!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using var node = NodeProcess.Start(_data.Path, "--json");
        ((string)node.Event("listening")["peerId"]!).ShouldBe((string)first["peerId"]!);
        (await NodeProcess.RunAsync(_data.Path, "id")).Output[0].ShouldEndWith((string)first["peerId"]!);
    }

    [Fact]
    public async Task A_broken_plugin_is_named_with_its_remedy_and_the_node_starts()
    {
        var folder = Path.Combine(_other.Path, "Acme.Broken");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Acme.Broken.dll"), "not an assembly");
        await using var node = NodeProcess.Start(_data.Path, "--json", "--plugins", _other.Path);
        var broken = node.Event("listening")["plugins"]!.AsArray().Single(p => (string)p!["name"]! == "Acme.Broken")!;
        ((string)broken["state"]!).ShouldBe("left-out");
        ((string)broken["reason"]!).ShouldContain("Acme.Broken.dll");
        ((string)broken["remedy"]!).ShouldNotBeEmpty();
    }

    /// <summary>Given folders, then the variable's, then those beside the program, then the data folder's.</summary>
    [Fact]
    public async Task Plugins_are_looked_for_in_every_place_in_order()
    {
        var places = new[] { "given", "variable" }.Select(name => Path.Combine(_other.Path, name)).Append(Path.Combine(_data.Path, "plugins")).ToList();
        foreach (var place in places) Directory.CreateDirectory(Path.Combine(place, $"Empty.In.{Path.GetFileName(place)}"));
        await using var node = NodeProcess.StartWith(_data.Path, new() { ["LIBP2P_PLUGINS"] = places[1] }, "--json", "--plugins", places[0]);
        var names = node.Event("listening")["plugins"]!.AsArray().Select(p => (string)p!["name"]!).ToList();
        names[0].ShouldBe("Empty.In.given");
        names[1].ShouldBe("Empty.In.variable");
        names.ShouldContain("noise");
        names.Last().ShouldBe("Empty.In.plugins");
    }

    /// <summary>Of two copies of a plugin the whole one is taken.</summary>
    [Fact]
    public async Task A_plugin_without_its_dependency_is_named_with_its_remedy_and_the_whole_copy_is_taken()
    {
        var target = Directory.CreateDirectory(Path.Combine(_other.Path, "Libp2p.Security.Noise")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(NodeProcess.Folder, "plugins", "Libp2p.Security.Noise")))
        {
            if (!file.EndsWith("Libp2p.Crypto.dll", StringComparison.Ordinal)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        await using var node = NodeProcess.Start(_data.Path, "--json", "--plugins", _other.Path);
        var copies = node.Event("listening")["plugins"]!.AsArray().Where(p => (string)p!["name"]! == "noise").Select(p => p!.AsObject()).ToList();
        copies.Count.ShouldBe(2);
        ((string)copies[0]["folder"]!).ShouldBe(target);
        ((string)copies[0]["state"]!).ShouldBe("left-out");
        ((string)copies[0]["reason"]!).ShouldContain("Libp2p.Crypto");
        ((string)copies[0]["remedy"]!).ShouldContain("dependencies");
        ((string)copies[1]["state"]!).ShouldBe("active");
    }

    [Fact]
    public async Task A_required_plugin_that_is_missing_stops_the_start_with_its_name()
    {
        await using var node = NodeProcess.StartWith(_data.Path, new() { ["Libp2p__RequiredPlugins__0"] = "quic" });
        var (code, _, errors) = await node.EndAsync();
        code.ShouldNotBe(0);
        errors.ShouldContain("'quic'");
        errors.ShouldContain("try:");
    }
}
