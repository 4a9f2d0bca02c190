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
    public async Task One_that_never_stops_does_not_keep_the_node()
    {
        await using var services = Compose(["Fixtures.Stubborn"], ("Libp2p:PluginStopTimeout", "00:00:00.1"));
        var node = services.GetRequiredService<Libp2pNode>();
        await node.StartAsync();
        node.Plugins.Single().State.ShouldBe(PluginState.Active);
        await node.StopAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
    }

    private ServiceProvider Compose(string[] plugins, params (string Key, string Value)[] configuration)
    {
        foreach (var name in plugins)
        {
            var target = Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;
            foreach (var file in Directory.EnumerateFiles(Path.Combine(FixtureRoot, name))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value))).Build());
        services.AddLibp2p(node =>
        {
            var options = new PluginFolderOptions();
            options.SearchPath.Add(_folder.Path);
            node.AddPluginFolders(options).Configure(o => o.Listen.Add(""));
        });
        return services.BuildServiceProvider();
    }
}
