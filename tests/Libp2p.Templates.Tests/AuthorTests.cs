using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.Node.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Templates.Tests;

/// <summary>What an author does with the packages, from outside.</summary>
public sealed class AuthorTests(PackedFeed feed) : IClassFixture<PackedFeed>
{
    private static readonly string NodeProgram = Path.Combine(NodeProcess.Folder, "libp2p.dll");

    [Theory]
    [InlineData("Acme.Chat", "Chat", "acme.chat", "/acme/chat/1.0.0", "--protocol-id", "/acme/chat/1.0.0")]
    [InlineData("my-proto2", "MyProto2", "my-proto2", "/my-proto2/1.0.0")]
    public async Task A_new_plugin_builds_without_warning_passes_its_tests_and_serves_in_a_node(
        string name, string type, string plugin, string protocol, params string[] parameters)
    {
        var solution = await feed.InstantiateAsync(name, parameters);
        File.Exists(Path.Combine(solution, "src", name, type + "Handler.cs")).ShouldBeTrue();
        await feed.DotnetAsync(solution, "build", "-warnaserror", "-v", "q");
        (await feed.DotnetAsync(solution, "test", "--no-build", "--no-progress")).ShouldContain("succeeded: 3");

        var plugins = feed.NewFolder(name + ".plugins");
        await PublishAsync(solution, name, plugins);
        var published = FilesOf(plugins);
        published.ShouldBe([$"{name}/{name}.deps.json", $"{name}/{name}.dll", $"{name}/{name}.pdb", $"{name}/{name}.runtimeconfig.json"], ignoreOrder: true);

        await using var node = NodeProcess.Start(feed.NewFolder(name + ".data"), "--json", "--plugins", plugins, "--listen", "/ip4/127.0.0.1/tcp/0");
        var listening = node.Event("listening");
        var report = listening["plugins"]!.AsArray().Single(p => (string)p!["name"]! == plugin)!;
        ((string)report["state"]!).ShouldBe("active");
        ((string)report["version"]!).ShouldBe("1.0.0");
        ((string)report["folder"]!).ShouldBe(Path.Combine(plugins, name));
        (await AskAsync((string)listening["addrs"]!.AsArray().Single()!, protocol, "outside")).ShouldBe("hello, outside");
    }

    [Fact]
    public async Task Every_build_lands_in_the_folder_of_plugins_and_replaces_what_was_there()
    {
        var solution = await feed.InstantiateAsync("Acme.Drop");
        var plugins = feed.NewFolder("drop");
        var stale = Path.Combine(Directory.CreateDirectory(Path.Combine(plugins, "Acme.Drop")).FullName, "Old.dll");
        await File.WriteAllTextAsync(stale, "");
        await File.WriteAllTextAsync(Path.Combine(plugins, "Acme.Drop", "Acme.Drop.dll"), "an old one");
        await feed.DotnetAsync(Path.Combine(solution, "src", "Acme.Drop"), "build", "-warnaserror", "-v", "q", "-p:Libp2pPluginsDir=" + plugins);
        FilesOf(plugins).ShouldBe(
            ["Acme.Drop/Acme.Drop.deps.json", "Acme.Drop/Acme.Drop.dll", "Acme.Drop/Acme.Drop.pdb", "Acme.Drop/Acme.Drop.runtimeconfig.json"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_the_host_brings_is_warned_of_when_it_would_land_in_the_folder()
    {
        var solution = await feed.InstantiateAsync("Acme.Heavy");
        await File.WriteAllTextAsync(Path.Combine(solution, "src", "Acme.Heavy", "Directory.Build.targets"), """
            <Project>
              <ItemGroup>
                <PackageReference Include="Libp2p.Abstractions" VersionOverride="$(Libp2pVersion)" />
              </ItemGroup>
            </Project>
            """);
        var printed = await feed.DotnetAsync(Path.Combine(solution, "src", "Acme.Heavy"), "publish", "-v", "q", "-o", feed.NewFolder("heavy"));
        printed.ShouldContain("warning LP2PSDK1");
        printed.ShouldContain("Libp2p.Abstractions");
    }

    [Fact]
    public async Task A_protocol_id_that_is_none_is_refused_by_the_build()
    {
        var solution = await feed.InstantiateAsync("Acme.Wrong", "--protocol-id", "acme chat");
        (await feed.DotnetFailsAsync(Path.Combine(solution, "src", "Acme.Wrong"), "build", "-v", "q")).ShouldContain("The protocol id \"acme chat\" is not usable");
    }

    [Fact]
    public async Task The_tool_brings_the_plugins_of_this_solution()
    {
        var tools = feed.NewFolder("tools");
        await feed.DotnetAsync(feed.Work, "tool", "install", "Libp2p.Node", "--tool-path", tools);
        var printed = await feed.RunAsync(Path.Combine(tools, "libp2p"), feed.Work, ["plugins", "--json"]);
        var found = JsonNode.Parse(printed.Split('\n').First(line => line.StartsWith('{')))!["plugins"]!.AsArray();
        found.ShouldAllBe(p => (string)p!["state"]! == "active");
        new[] { "identify", "noise", "ping", "tcp", "yamux" }.ShouldBeSubsetOf(found.Select(p => (string)p!["name"]!));
    }

    [Fact]
    public void Every_package_says_what_it_is_and_can_be_debugged()
    {
        var packages = Directory.GetFiles(feed.Feed, "*.nupkg");
        new[]
        {
            "Libp2p.Abstractions", "Libp2p.Multiformats", "Libp2p.Generators", "Libp2p.Plugin.Sdk", "Libp2p.Templates", "Libp2p.TestKit", "Libp2p.Crypto", "Libp2p.Certificates",
            "Libp2p.Swarm", "Libp2p.Hosting", "Libp2p.Hosting.Plugins", "Libp2p.Node",
            "Libp2p.Transports.Tcp", "Libp2p.Security.Noise", "Libp2p.Security.Tls", "Libp2p.Muxers.Yamux", "Libp2p.Protocols.Identify", "Libp2p.Protocols.Ping", "Libp2p.Protocols.Perf",
        }.ShouldBeSubsetOf(packages.Select(IdOf));
        foreach (var package in packages)
        {
            using var zip = ZipFile.OpenRead(package);
            var files = zip.Entries.Select(e => e.FullName).ToList();
            files.ShouldContain("README.md", package);
            using var nuspec = zip.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            var said = XDocument.Load(nuspec).Descendants().ToLookup(e => e.Name.LocalName, e => e.Value);
            said["id"].ShouldBe([IdOf(package)]);
            said["license"].ShouldBe(["MIT"], package);
            said["readme"].ShouldBe(["README.md"], package);
            said["description"].Single().Length.ShouldBeGreaterThan(15, package);
            said["tags"].Single().ShouldContain("libp2p");
            foreach (var library in files.Where(f => f.StartsWith("lib/", StringComparison.Ordinal) && f.EndsWith(".dll", StringComparison.Ordinal)))
            {
                files.ShouldContain(Path.ChangeExtension(library, ".xml"));
                File.Exists(Path.ChangeExtension(package, ".snupkg")).ShouldBeTrue(package);
            }
        }
    }

    /// <summary>By the script that comes with the template, which then asks the node what it found; by hand where there is no shell.</summary>
    private async Task PublishAsync(string solution, string name, string plugins)
    {
        if (OperatingSystem.IsWindows())
        {
            await feed.DotnetAsync(solution, "publish", Path.Combine("src", name), "-c", "Release", "-o", Path.Combine(plugins, name));
            return;
        }

        var printed = await feed.RunAsync(
            Path.Combine(solution, "run.sh"), feed.Work, ["plugins", "--json"], ("LIBP2P", $"dotnet {NodeProgram}"), ("LIBP2P_PLUGINS_DIR", plugins));
        var found = JsonNode.Parse(printed.Split('\n').First(line => line.StartsWith('{')))!["plugins"]!.AsArray();
        ((string)found.Single(p => (string)p!["folder"]! == Path.Combine(plugins, name))!["state"]!).ShouldBe("active", printed);
    }

    /// <summary>One request of the template's protocol, written by hand: a message of one text, with its length in front.</summary>
    private static async Task<string> AskAsync(string address, string protocol, string text)
    {
        using var watchdog = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddTcp().AddNoise().AddYamux().Configure(options => options.Listen.Add("")));
        await using var provider = services.BuildServiceProvider();
        var node = provider.GetRequiredService<Libp2pNode>();
        await node.StartAsync(watchdog.Token);
        var connection = await node.Node.ConnectAsync(Multiaddr.Parse(address), null, watchdog.Token);
        await using var stream = await connection.OpenStreamAsync([new ProtocolId(protocol)], null, watchdog.Token);
        var bytes = Encoding.UTF8.GetBytes(text);
        await stream.Output.WriteAsync(new byte[] { (byte)(bytes.Length + 2), 0x0a, (byte)bytes.Length }.Concat(bytes).ToArray(), watchdog.Token);
        await stream.Output.CompleteAsync();
        var reply = new List<byte>();
        while (true)
        {
            var read = await stream.Input.ReadAsync(watchdog.Token);
            foreach (var piece in read.Buffer) reply.AddRange(piece.Span);
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        reply[..3].ShouldBe([(byte)(reply.Count - 1), 0x0a, (byte)(reply.Count - 3)]);
        return Encoding.UTF8.GetString([.. reply[3..]]);
    }

    private static string IdOf(string package) => string.Join('.', Path.GetFileNameWithoutExtension(package).Split('.').TakeWhile(part => !char.IsDigit(part[0])));

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).ToList();
}
