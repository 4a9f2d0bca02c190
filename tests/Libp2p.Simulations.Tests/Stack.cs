using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>The composition that an application has.</summary>
internal static class Stack
{
    public static ILibp2pBuilder AddAll(this ILibp2pBuilder node) => node.AddTcp().AddNoise().AddYamux().AddIdentify().AddPing();

    public static Task<SimulatedNode> StartAsync(this SimulatedHost host) => host.StartNodeAsync(static node => node.AddAll());
}
