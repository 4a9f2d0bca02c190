using System.Collections.Immutable;
using Libp2p.Multiformats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Libp2p.Hosting.Tests;

/// <summary>Nodes by dependency injection and direct reference.</summary>
public sealed class CompositionTests
{
    [Fact]
    public async Task Two_nodes_of_one_process_talk_to_each_other()
    {
        var services = new ServiceCollection();
        foreach (var name in new[] { "a", "b" }) services.AddKeyedLibp2p(name, node => Stack(node).Configure(o => o.Listen.Add("/ip4/127.0.0.1/tcp/0")));
        await using var provider = services.BuildServiceProvider();
        var (a, b) = (provider.GetRequiredKeyedService<Libp2pNode>("a"), provider.GetRequiredKeyedService<Libp2pNode>("b"));
        await a.StartAsync();
        await b.StartAsync();
        b.Plugins.ShouldAllBe(p => p.State == PluginState.Active && p.Roles.Length > 0 && p.Folder == null);
        var connection = await a.Node.ConnectAsync(Multiaddr.Parse($"{b.Node.ListenAddresses[0]}/p2p/{b.Node.PeerId}"));
        await foreach (var rtt in a.Node.Find<IPingService>()!.PingAsync(connection))
        {
            rtt.ShouldBeGreaterThan(TimeSpan.Zero);
            break;
        }

        await a.StopAsync();
        await b.StopAsync();
    }

    [Fact]
    public async Task The_host_starts_and_stops_the_node_and_configuration_reaches_it_and_its_plugins()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Libp2p:Listen:0"] = "/ip4/127.0.0.1/tcp/0",
            ["Libp2p:Swarm:Dialing:MaxDials"] = "17",
            ["Libp2p:Plugins:probe:Greeting"] = "hello",
        });
        var probe = new ProbePlugin();
        builder.Services.AddLibp2p(node => Stack(node).AddPlugin("probe", () => probe));
        using var host = builder.Build();
        await host.StartAsync();
        var node = host.Services.GetRequiredService<INode>();
        node.ListenAddresses.Single().ToString().ShouldStartWith("/ip4/127.0.0.1/tcp/");
        host.Services.GetRequiredService<IOptionsMonitor<Libp2pOptions>>().Get("").Swarm.Dialing.MaxDials.ShouldBe(17);
        probe.Greeting.ShouldBe("hello");
        node.Find<ProbeRole>().ShouldBe(probe.Role);
        await host.StopAsync();
        probe.Role.Disposed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("ConfigureServices")]
    [InlineData("Export")]
    public async Task A_plugin_that_throws_is_named_and_taken_back_whole_and_the_node_starts(string where)
    {
        await using var provider = Compose(node => node.AddPlugin(
            "bad", () => where == "constructor" ? throw new InvalidOperationException("no luck") : new ProbePlugin { ThrowIn = where }));
        var hosted = provider.GetRequiredService<Libp2pNode>();
        await hosted.StartAsync();
        var report = hosted.Plugins.Single(p => p.Name == "bad");
        report.State.ShouldBe(PluginState.LeftOut);
        report.Reason.ShouldNotBeNull().ShouldContain("no luck");
        report.Remedy.ShouldNotBeNullOrEmpty();
        hosted.Node.Find<ProbeRole>().ShouldBeNull();
        hosted.Node.ListenAddresses.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Two_plugins_with_one_protocol_id_the_second_is_left_out()
    {
        await using var provider = Compose(node => node
            .AddPlugin("first", () => new HandlerPlugin("/acme/one/1.0.0"))
            .AddPlugin("second", () => new HandlerPlugin("/acme/two/1.0.0", "/acme/one/1.0.0")));
        var hosted = provider.GetRequiredService<Libp2pNode>();
        await hosted.StartAsync();
        hosted.Plugins.Single(p => p.Name == "first").State.ShouldBe(PluginState.Active);
        var second = hosted.Plugins.Single(p => p.Name == "second");
        second.State.ShouldBe(PluginState.LeftOut);
        second.Reason.ShouldNotBeNull().ShouldContain("/acme/one/1.0.0");
        hosted.Node.Protocols.ShouldContain(new ProtocolId("/acme/one/1.0.0"));
        hosted.Node.Protocols.ShouldNotContain(new ProtocolId("/acme/two/1.0.0"));
    }

    [Fact]
    public async Task Disabled_plugins_are_left_out_and_required_ones_stop_the_start()
    {
        await using (var provider = Compose(node => node.Configure(o => o.DisabledPlugins.Add("PING"))))
        {
            var hosted = provider.GetRequiredService<Libp2pNode>();
            await hosted.StartAsync();
            hosted.Plugins.Single(p => p.Name == "ping").State.ShouldBe(PluginState.Disabled);
            hosted.Node.Find<IPingService>().ShouldBeNull();
        }

        await using (var provider = Compose(node => node.Configure(o => o.RequiredPlugins.Add("quic"))))
        {
            var error = await Should.ThrowAsync<RequiredPluginException>(async () => await provider.GetRequiredService<Libp2pNode>().StartAsync());
            error.Message.ShouldContain("quic");
        }
    }

    [Fact]
    public async Task A_plugin_that_never_stops_does_not_keep_the_node()
    {
        var time = TimeSpan.FromMilliseconds(100);
        await using var provider = Compose(node => node.AddPlugin("stuck", () => new ProbePlugin { NeverStops = true }).Configure(o => o.PluginStopTimeout = time));
        var hosted = provider.GetRequiredService<Libp2pNode>();
        await hosted.StartAsync();
        await hosted.StopAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("Listen:0", "nowhere", "'nowhere' is not a multiaddr")]
    [InlineData("Swarm:Dialing:MaxDials", "0", "MaxDials")]
    [InlineData("PluginStopTimeout", "00:00:00", "PluginStopTimeout")]
    [InlineData("Security:0", "noise", "'noise'")]
    [InlineData("NameServers:0", "dns.example", "'dns.example' is not an IP address")]
    public void Wrong_options_are_told_when_the_node_is_made(string key, string value, string said)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new($"Libp2p:{key}", value)]).Build());
        services.AddLibp2p(node => Stack(node));
        using var provider = services.BuildServiceProvider();
        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<INode>()).Message.ShouldContain(said);
    }

    [Fact]
    public void A_name_is_used_once()
    {
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddLibp2p(node => node.AddPlugin("x", () => new ProbePlugin()).AddPlugin("X", () => new ProbePlugin())));
        var services = new ServiceCollection().AddLibp2p(node => Stack(node));
        Should.Throw<InvalidOperationException>(() => services.AddLibp2p(node => Stack(node))).Message.ShouldContain("AddKeyedLibp2p");
    }

    internal static ILibp2pBuilder Stack(ILibp2pBuilder node) => node.AddTcp().AddNoise().AddYamux().AddIdentify().AddPing();

    private static ServiceProvider Compose(Action<ILibp2pBuilder> more)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => more(Stack(node).Configure(o => o.Listen.Add("/ip4/127.0.0.1/tcp/0"))));
        return services.BuildServiceProvider();
    }

    public sealed class ProbeRole : IAsyncDisposable
    {
        public bool NeverStops { get; init; }

        public bool Disposed { get; private set; }

        public async ValueTask DisposeAsync()
        {
            Disposed = true;
            if (NeverStops) await Task.Delay(Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class ProbePlugin : IPlugin
    {
        private ProbeRole? _role;

        public string? ThrowIn { get; init; }

        public bool NeverStops { get; init; }

        public string? Greeting { get; private set; }

        public ProbeRole Role => _role ??= new ProbeRole { NeverStops = NeverStops };

        public void ConfigureServices(IServiceCollection own, PluginContext host)
        {
            if (ThrowIn == nameof(ConfigureServices)) throw new InvalidOperationException("no luck");
            Greeting = host.Configuration["Greeting"];
            own.AddSingleton(_ => Role);
        }

        public void Export(IServiceProvider own, IPluginExports exports)
        {
            exports.Add(own.GetRequiredService<ProbeRole>());
            if (ThrowIn == nameof(Export)) throw new InvalidOperationException("no luck");
        }
    }

    private sealed class HandlerPlugin(params string[] protocols) : IPlugin, IProtocolHandler
    {
        public ImmutableArray<ProtocolId> Protocols { get; } = [.. protocols.Select(p => new ProtocolId(p))];

        public void ConfigureServices(IServiceCollection own, PluginContext host)
        {
        }

        public void Export(IServiceProvider own, IPluginExports exports) => exports.Add<IProtocolHandler>(this);

        public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
