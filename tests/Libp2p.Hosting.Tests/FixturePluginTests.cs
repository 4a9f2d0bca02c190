using System.Reflection;
using Libp2p.Hosting.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting.Tests;

/// <summary>Plugins that were really built, each a folder of its own: what they carry, and what they do wrong.</summary>
public sealed class FixturePluginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string FixtureRoot { get; } =
        typeof(FixturePluginTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "FixtureRoot").Value!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_plugins_carry_different_versions_of_one_dependency()
    {
        await using var services = Compose(["Fixtures.Reader1", "Fixtures.Reader2"]);
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.ShouldAllBe(p => p.State == PluginState.Active);
        node.Node.Find<Func<string>>()!().ShouldBe("first 1.0.0.0");
        node.Node.Find<Lazy<string>>()!.Value.ShouldBe("second 2.0.0.0");
    }

    [Theory]
    [InlineData("ConfigureServices")]
    [InlineData("Export")]
    public async Task One_that_throws_is_named_leaves_nothing_behind_and_the_node_starts(string step)
    {
        await using var services = Compose(["Fixtures.Reader2", "Fixtures.Throwing"], ("Libp2p:Plugins:throwing:At", step));
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        var report = node.Plugins.Single(p => p.Name == "throwing");
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain($"not in {step}");
        report.Remedy.ShouldNotBeNullOrEmpty();
        node.Node.Find<Func<string>>().ShouldBeNull();
        node.Node.Find<Lazy<string>>().ShouldNotBeNull();
    }

    [Fact]
    public async Task One_whose_constructor_throws_is_named_and_the_node_starts()
    {
        await using var services = Compose(["Fixtures.Reader2", "Fixtures.Unmade"]);
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        var report = node.Plugins.Single(p => p.Name == "unmade");
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain("not in its constructor");
        report.Remedy.ShouldNotBeNull().ShouldContain("disable");
        node.Plugins.Single(p => p.Name == "reader2").State.ShouldBe(PluginState.Active);
        node.Node.Find<Lazy<string>>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_two_that_claim_one_protocol_the_first_stays_and_both_are_named()
    {
        await using var services = Compose(["Fixtures.Claim1", "Fixtures.Claim2"]);
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Single(p => p.Name == "claim1").State.ShouldBe(PluginState.Active);
        node.Node.Protocols.ShouldContain("/fixtures/claimed/1.0.0");
        var second = node.Plugins.Single(p => p.Name == "claim2");
        second.State.ShouldBe(PluginState.LeftOut);
        second.Reason.ShouldNotBeNull().ShouldContain("/fixtures/claimed/1.0.0");
        second.Reason.ShouldContain("'claim1'");
        second.Remedy.ShouldNotBeNull().ShouldContain("'claim1'");
        second.Remedy.ShouldContain("'claim2'");
        second.Remedy.ShouldContain("Libp2p:DisabledPlugins");

        // What the second exported before it failed is taken back; the first's is there.
        node.Node.Find<Lazy<string>>().ShouldBeNull();
        node.Node.Find<Func<string>>()!().ShouldBe("claim1");
    }

    [Fact]
    public async Task The_remedy_for_a_protocol_claimed_twice_helps()
    {
        await using var services = Compose(["Fixtures.Claim1", "Fixtures.Claim2"], ("Libp2p:DisabledPlugins:0", "claim1"));
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Single(p => p.Name == "claim1").State.ShouldBe(PluginState.Disabled);
        node.Plugins.Single(p => p.Name == "claim2").State.ShouldBe(PluginState.Active);
        node.Node.Protocols.ShouldContain("/fixtures/claimed/1.0.0");
    }

    [Fact]
    public async Task Only_allowed_ones_are_loaded_and_the_remedy_tells_the_hash_that_allows_another()
    {
        Copy("Fixtures.Reader1");
        var allowed = PluginFolderHash.Compute(Path.Combine(_folder.Path, "Fixtures.Reader1"));
        await using (var services = Compose(["Fixtures.Reader2"], options => options.AllowedHashes.Add(allowed.ToUpperInvariant())))
        {
            var node = services.GetRequiredService<Libp2pNode>();
            await node.StartAsync();
            node.Plugins.Single(p => p.Name == "reader1").State.ShouldBe(PluginState.Active);
            var other = node.Plugins.Single(p => p.Name == "reader2");
            other.State.ShouldBe(PluginState.LeftOut);
            other.Reason.ShouldNotBeNull().ShouldContain("not on the list");
            node.Node.Find<Lazy<string>>().ShouldBeNull();
            other.Remedy.ShouldNotBeNull().ShouldEndWith(PluginFolderHash.Compute(other.Folder!));
            allowed = other.Remedy![^64..];
        }

        await using (var services = Compose([], options => options.AllowedHashes.Add(allowed)))
        {
            var node = services.GetRequiredService<Libp2pNode>();
            await node.StartAsync();
            node.Plugins.Single(p => p.Name == "reader2").State.ShouldBe(PluginState.Active);
            node.Plugins.Single(p => p.Name == "reader1").State.ShouldBe(PluginState.LeftOut);
        }
    }

    [Fact]
    public void What_is_no_hash_is_not_taken_for_one() =>
        Should.Throw<ArgumentException>(() => Compose([], options => options.AllowedHashes.Add("sha256:abc"))).Message.ShouldContain("64 hex digits");

    [Fact]
    public async Task One_whose_dependency_is_missing_is_named_with_its_remedy()
    {
        await using var services = Compose(["Fixtures.Reader1", "Fixtures.Reader2"]);
        File.Delete(Path.Combine(_folder.Path, "Fixtures.Reader1", "Fixtures.Shelf.dll"));
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        var report = node.Plugins.Single(p => p.Folder!.EndsWith("Fixtures.Reader1", StringComparison.Ordinal));
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain("Fixtures.Shelf");
        report.Remedy.ShouldNotBeNullOrEmpty();
        node.Node.Find<Lazy<string>>()!.Value.ShouldBe("second 2.0.0.0");
    }

    [Fact]
    public async Task One_whose_dependency_is_of_a_conflicting_version_is_named_with_its_remedy()
    {
        Copy("Fixtures.Reader1");
        await using var services = Compose(["Fixtures.Reader2"]);
        var older = Path.Combine(_folder.Path, "Fixtures.Reader1", "Fixtures.Shelf.dll");
        File.Copy(older, Path.Combine(_folder.Path, "Fixtures.Reader2", "Fixtures.Shelf.dll"), overwrite: true);
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        var report = node.Plugins.Single(p => p.Folder!.EndsWith("Fixtures.Reader2", StringComparison.Ordinal));
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain("Fixtures.Shelf");
        report.Remedy.ShouldNotBeNull().ShouldContain("dependencies");
        node.Node.Find<Lazy<string>>().ShouldBeNull();
        node.Node.Find<Func<string>>()!().ShouldBe("first 1.0.0.0");
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task One_that_never_returns_from_stop_does_not_keep_the_node(string blocks)
    {
        await using var services = Compose(["Fixtures.Stubborn"], ("Libp2p:PluginStopTimeout", "00:00:00.1"), ("Libp2p:Plugins:stubborn:Blocks", blocks));
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Single().State.ShouldBe(PluginState.Active);
        await Task.Run(() => node.StopAsync().AsTask()).WaitAsync(TimeSpan.FromMinutes(1));
    }

    private void Copy(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(FixtureRoot, name))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private ServiceProvider Compose(string[] plugins, params (string Key, string Value)[] configuration) => Compose(plugins, static _ => { }, configuration);

    private ServiceProvider Compose(string[] plugins, Action<PluginFolderOptions> configure, params (string Key, string Value)[] configuration)
    {
        foreach (var name in plugins) Copy(name);

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value))).Build());
        services.AddLibp2p(node =>
        {
            var options = new PluginFolderOptions();
            options.SearchPath.Add(_folder.Path);
            configure(options);
            node.AddPluginFolders(options).Configure(o => o.Listen.Add(""));
        });
        return services.BuildServiceProvider();
    }
}
