using System.Reflection;
using Libp2p.Hosting.Plugins;
using Libp2p.Multiformats;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting.Tests;

/// <summary>A node's datastore: by direct reference and from a drop-in folder, with its native library.</summary>
public sealed class DatastoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_kept_is_there_when_the_node_starts_again()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var provider = Compose(node => node.AddSqliteDatastore(), _folder.Path);
            var node = provider.GetRequiredService<Libp2pNode>();
            await node.StartAsync();
            node.Plugins.Single().Roles.ShouldBe([nameof(IDatastore)]);
            var store = node.Node.Find<IDatastore>().ShouldNotBeNull();
            (await store.HasAsync("/kept")).ShouldBe(start == 1);
            await store.PutAsync("/kept", default);
            await node.StopAsync();
        }

        File.Exists(Path.Combine(_folder.Path, "datastore.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_node_learnt_of_peers_it_knows_when_it_starts_again()
    {
        var peer = PrivateKey.Generate().PublicKey.PeerId;
        for (var start = 0; start < 2; start++)
        {
            await using var provider = Compose(node => node.AddSqliteDatastore(), _folder.Path);
            var node = provider.GetRequiredService<Libp2pNode>();
            await node.StartAsync();
            node.Node.Peers.Peers.ShouldBe(start == 0 ? [] : [peer]);
            node.Node.Peers.AddAddresses(peer, [Multiaddr.Parse("/ip4/192.0.2.1/tcp/4001")], TimeSpan.FromHours(1));
            await node.StopAsync();
        }
    }

    [Fact]
    public async Task A_node_whose_peers_cannot_be_read_starts_and_learns_anew()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "datastore.db"), new byte[5000]);
        await using var provider = Compose(node => node.AddSqliteDatastore(), _folder.Path);
        var node = provider.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        var report = node.Plugins.Single();
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain("damaged");
        report.Remedy.ShouldNotBeNull().ShouldContain("move the file away");
        var peer = PrivateKey.Generate().PublicKey.PeerId;
        node.Node.Peers.AddAddresses(peer, [Multiaddr.Parse("/ip4/192.0.2.1/tcp/4001")], TimeSpan.FromHours(1));
        await node.Node.Peers.FlushAsync();
        node.Node.Peers.Peers.ShouldBe([peer]);
        await node.StopAsync();
    }

    [Fact]
    public async Task From_a_drop_in_folder_it_brings_its_native_library()
    {
        var root = typeof(DatastoreTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "DropInRoot").Value!;
        var folders = new PluginFolderOptions();
        folders.SearchPath.Add(Copy(Path.Combine(root, "Libp2p.Datastores.Sqlite"), Path.Combine(_folder.Path, "plugins", "Libp2p.Datastores.Sqlite")));
        await using var provider = Compose(node => node.AddPluginFolders(folders), Path.Combine(_folder.Path, "data"));
        var node = provider.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Single().State.ShouldBe(PluginState.Active, node.Plugins.Single().Reason);
        var store = node.Node.Find<IDatastore>().ShouldNotBeNull();
        await store.PutAsync("/kept", "x"u8.ToArray());
        (await store.GetAsync("/kept")).ShouldNotBeNull().ToArray().ShouldBe("x"u8.ToArray());
        await node.StopAsync();
    }

    [Fact]
    public async Task Without_a_data_folder_and_a_path_nothing_is_kept()
    {
        await using var provider = Compose(node => node.AddSqliteDatastore(), null);
        var node = provider.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Single().State.ShouldBe(PluginState.Active);
        node.Node.Find<IDatastore>().ShouldBeNull();
        await node.StopAsync();
    }

    [Fact]
    public async Task A_file_that_is_in_use_leaves_the_node_without_it_and_says_what_to_do()
    {
        var path = Path.Combine(_folder.Path, "shared.db");
        await using var first = Compose(node => node.AddSqliteDatastore(path), null);
        await using var second = Compose(node => node.AddSqliteDatastore(path), null);
        await first.GetRequiredService<Libp2pNode>().StartAsync();
        var node = second.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        var report = node.Plugins.Single();
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain("in use");
        report.Remedy.ShouldNotBeNull().ShouldContain("libp2p status");
        node.Node.Find<IDatastore>().ShouldBeNull();
        await node.StopAsync();
        await first.GetRequiredService<Libp2pNode>().StopAsync();
    }

    private static ServiceProvider Compose(Action<ILibp2pBuilder> build, string? dataFolder)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node =>
        {
            build(node);
            node.Configure(options =>
            {
                options.Listen.Add("");
                options.DataFolder = dataFolder;
            });
        });
        return services.BuildServiceProvider();
    }

    /// <summary>Copies a plugin's folder; returns the folder it lies in.</summary>
    private static string Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return Path.GetDirectoryName(to)!;
    }
}
