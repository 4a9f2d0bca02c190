using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Libp2p.Hosting.Tests;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task A_node_is_unhealthy_before_it_runs_healthy_while_it_does_and_unhealthy_after()
    {
        await using var provider = Compose();
        var node = provider.GetRequiredService<Libp2pNode>();
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Unhealthy);
        await node.StartAsync();
        var running = await CheckAsync(provider);
        running.Status.ShouldBe(HealthStatus.Healthy);
        running.Data["peerId"].ShouldBe(node.Node.PeerId.ToString());
        ((string[])running.Data["listenAddresses"]).ShouldHaveSingleItem().ShouldStartWith("/ip4/127.0.0.1/tcp/");
        await node.StopAsync();
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task A_plugin_left_out_degrades_and_is_named_with_its_remedy()
    {
        await using var provider = Compose(node => node.AddPlugin("bad", () => throw new InvalidOperationException("no luck")));
        await provider.GetRequiredService<Libp2pNode>().StartAsync();
        var entry = await CheckAsync(provider);
        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Description.ShouldNotBeNull().ShouldContain("bad was left out");
        entry.Description.ShouldContain("no luck");
    }

    private static ServiceProvider Compose(Action<ILibp2pBuilder>? more = null)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node =>
        {
            CompositionTests.Stack(node).Configure(o => o.Listen.Add("/ip4/127.0.0.1/tcp/0"));
            more?.Invoke(node);
        });
        services.AddHealthChecks().AddLibp2p();
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> CheckAsync(IServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["libp2p"];
}
