using System.Reflection;
using System.Reflection.Emit;
using Libp2p.Hosting.Plugins;
using Libp2p.Multiformats;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting.Tests;

/// <summary>Plugins from folders: those of this solution as they were really built, and broken ones.</summary>
public sealed class DropInTests : IDisposable
{
    private static readonly string[] Shipped = ["Libp2p.Transports.Tcp", "Libp2p.Security.Noise", "Libp2p.Security.Tls", "Libp2p.Muxers.Yamux", "Libp2p.Protocols.Identify", "Libp2p.Protocols.Ping", "Libp2p.Protocols.Perf"];

    private readonly TemporaryFolder _folder = new();

    private static string DropInRoot { get; } =
        typeof(DropInTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "DropInRoot").Value!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_of_folders_alone_talks_to_one_of_direct_references()
    {
        foreach (var name in Shipped) CopyPlugin(name);
        await using var folders = Compose();
        var node = folders.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Select(p => (p.Name, p.State)).ShouldBe(
            new[] { "yamux", "identify", "ping", "perf", "noise", "tls", "tcp" }.Select(name => (name, PluginState.Active)), ignoreOrder: true);
        node.Plugins.ShouldAllBe(p => p.Version == "0.1.0" && p.Folder!.StartsWith(_folder.Path) && p.Roles.Length > 0);

        var services = new ServiceCollection();
        services.AddLibp2p(direct => CompositionTests.Stack(direct).Configure(o => o.Listen.Add("/ip4/127.0.0.1/tcp/0")));
        await using var direct = services.BuildServiceProvider();
        var other = direct.GetRequiredService<Libp2pNode>();
        await other.StartAsync();
        foreach (var (from, to) in new[] { (node, other), (other, node) })
        {
            var connection = await from.Node.ConnectAsync(Multiaddr.Parse($"{to.Node.ListenAddresses[0]}/p2p/{to.Node.PeerId}"), new ConnectOptions { ForceNew = true });
            var info = await from.Node.Find<IIdentifyService>()!.IdentifyAsync(connection);
            info.PeerId.ShouldBe(to.Node.PeerId);
        }
    }

    [Fact]
    public void A_folder_holds_what_the_plugin_needs_and_no_contract()
    {
        foreach (var name in Shipped)
        {
            var files = Directory.EnumerateFiles(Path.Combine(DropInRoot, name), "*.dll").Select(Path.GetFileName).ToList();
            files.ShouldContain(name + ".dll");
            files.ShouldAllBe(file => !file!.StartsWith("Libp2p.Abstractions") && !file.StartsWith("Libp2p.Multiformats") && !file.StartsWith("Microsoft.Extensions."));
        }
    }

    [Fact]
    public async Task A_direct_reference_wins_over_a_folder_with_the_same_plugin()
    {
        CopyPlugin("Libp2p.Protocols.Ping");
        await using var provider = Compose(node => node.AddPing());
        var node = provider.GetRequiredService<Libp2pNode>();
        await node.ComposeAsync();
        node.Plugins.Single(p => p.Folder is null).State.ShouldBe(PluginState.Active);
        var left = node.Plugins.Single(p => p.Folder is not null);
        left.State.ShouldBe(PluginState.LeftOut);
        left.Reason.ShouldNotBeNull().ShouldContain("referenced directly");
    }

    [Fact]
    public async Task Garbage_is_named_with_its_remedy() =>
        await LeftOutAsync("Acme.Garbage", folder => File.WriteAllText(Path.Combine(folder, "Acme.Garbage.dll"), "MZ but no more"), "cannot be read", "again");

    [Fact]
    public async Task An_empty_folder_is_named_with_its_remedy() => await LeftOutAsync("Acme.Empty", _ => { }, "there is no Acme.Empty.dll", "Name the folder");

    [Fact]
    public async Task An_assembly_without_a_manifest_is_named_with_its_remedy() =>
        await LeftOutAsync("Acme.Plain", folder => SaveAssembly(folder, "Acme.Plain", abiVersion: null), "no plugin manifest", "[Plugin");

    [Theory]
    [InlineData(PluginAbi.Version + 1, "a newer", "Update this host")]
    [InlineData(PluginAbi.Version - 1, "an older", "Update the plugin")]
    public async Task Another_version_of_the_contracts_is_named_with_its_remedy(int abiVersion, string reason, string remedy) =>
        await LeftOutAsync("Acme.Other", folder => SaveAssembly(folder, "Acme.Other", abiVersion), reason, remedy);

    [Fact]
    public async Task An_entry_type_that_is_not_there_is_named_with_its_remedy() =>
        await LeftOutAsync("Acme.NoEntry", folder => SaveAssembly(folder, "Acme.NoEntry", PluginAbi.Version), "Acme.Entry", "");

    [Fact]
    public async Task A_folder_that_anyone_may_write_to_is_not_loaded()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no file modes");
        CopyPlugin("Libp2p.Protocols.Ping");
        var file = Path.Combine(_folder.Path, "Libp2p.Protocols.Ping", "Libp2p.Protocols.Ping.dll");
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        var report = await ReportAsync();
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain(file);
        report.Remedy.ShouldNotBeNull().ShouldContain("chmod");
    }

    /// <summary>Whoever may write to the folder that plugins lie in can put one of his own there, whose files only he may write to.</summary>
    [Fact]
    public async Task A_folder_in_one_that_anyone_may_write_to_is_not_loaded()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no file modes");
        CopyPlugin("Libp2p.Protocols.Ping");
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherWrite);
        var report = await ReportAsync();
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain($"others may write to {_folder.Path}");
        report.Remedy.ShouldNotBeNull().ShouldContain($"chmod o-w {_folder.Path}");

        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) & ~UnixFileMode.OtherWrite);
        (await ReportAsync()).State.ShouldBe(PluginState.Active);
    }

    private async Task LeftOutAsync(string name, Action<string> fill, string reason, string remedy)
    {
        fill(Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName);
        var report = await ReportAsync();
        report.Name.ShouldBe(name);
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain(reason);
        report.Remedy.ShouldNotBeNull().ShouldContain(remedy);
    }

    private async Task<PluginReport> ReportAsync()
    {
        await using var provider = Compose();
        var node = provider.GetRequiredService<Libp2pNode>();
        await node.ComposeAsync();
        return node.Plugins.Single();
    }

    [Fact]
    public async Task Memory_from_folders_reaches_its_own_node_and_no_other()
    {
        foreach (var name in (string[])["Libp2p.Transports.Memory", "Libp2p.Security.Noise", "Libp2p.Muxers.Yamux"]) CopyPlugin(name);
        await using var one = Compose(listen: "/memory/7");
        await using var other = Compose(listen: "/memory/7");
        foreach (var provider in (ServiceProvider[])[one, other])
        {
            var node = provider.GetRequiredService<Libp2pNode>();
            await node.StartAsync();
            node.Plugins.Select(static plugin => plugin.Name).ShouldContain("memory");
            node.Node.ListenAddresses.ShouldContain(Multiaddr.Parse("/memory/7"), "each node's folder has an address space of its own");
        }
    }

    private ServiceProvider Compose(Action<ILibp2pBuilder>? more = null, string listen = "/ip4/127.0.0.1/tcp/0")
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node =>
        {
            var options = new PluginFolderOptions();
            options.SearchPath.Add(_folder.Path);
            node.AddPluginFolders(options).Configure(o => o.Listen.Add(listen));
            more?.Invoke(node);
        });
        return services.BuildServiceProvider();
    }

    private void CopyPlugin(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(DropInRoot, name))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    /// <summary>An assembly that was never a plugin of this build: with a manifest of some contract version, or with none.</summary>
    private static void SaveAssembly(string folder, string name, int? abiVersion)
    {
        var attributes = new List<CustomAttributeBuilder>();
        if (abiVersion is { } version)
        {
            var constructor = typeof(PluginManifestAttribute).GetConstructors().Single();
            attributes.Add(new CustomAttributeBuilder(constructor, [name, "Acme.Entry", version]));
        }

        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = new Version(1, 2, 3) }, typeof(object).Assembly, attributes);
        assembly.DefineDynamicModule(name);
        assembly.Save(Path.Combine(folder, name + ".dll"));
    }
}
