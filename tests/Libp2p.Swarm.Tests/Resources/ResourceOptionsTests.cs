namespace Libp2p.Swarm.Tests.Resources;

public class ResourceOptionsTests
{
    private static IEnumerable<string> Problems(Action<ResourceOptions> configure)
    {
        var options = new SwarmOptions();
        configure(options.Resources);
        return options.Validate();
    }

    [Fact]
    public void The_defaults_follow_from_the_machine_and_from_each_other()
    {
        Problems(static _ => { }).ShouldBeEmpty();
        var options = new ResourceOptions();
        options.EffectiveMemory.ShouldBe(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 64 << 20, 1L << 40));
        options.EffectiveDescriptors.ShouldBeGreaterThan(0);
        options.EffectiveMaxConnections.ShouldBe(Math.Min(1024, options.EffectiveDescriptors));
        Problems(static options => options.Memory = 1 << 20).ShouldBeEmpty();
        new ResourceOptions { Memory = 1 << 20 }.EffectiveMaxConnections.ShouldBe(57);
        new ResourceOptions { Descriptors = 7 }.EffectiveMaxConnections.ShouldBe(7);
    }

    [Fact]
    public void What_contradicts_itself_is_refused_with_both_names()
    {
        Problem(static options => (options.MemoryPerPeer, options.MemoryPerConnection) = (1 << 20, 2 << 20), "MemoryPerConnection", "MemoryPerPeer");
        Problem(static options => (options.MaxStreams, options.MaxStreamsPerPeer) = (10, 11), "MaxStreamsPerPeer", "MaxStreams");
        Problem(static options => (options.MaxStreams, options.MaxStreamsPerProtocol) = (10, 11), "MaxStreamsPerProtocol", "MaxStreams");
        Problem(static options => (options.MaxConnections, options.Descriptors) = (11, 10), "MaxConnections", "Descriptors");
        Problem(static options => (options.MaxConnections, options.LowWater) = (10, 11), "LowWater", "MaxConnections");
        Problem(static options => (options.Memory, options.MaxConnections) = (1 << 20, 58), "MaxConnections", "Memory");
        Problem(static options => options.Memory = 1L << 39, "Memory", "container");
        Problem(static options => (options.Memory, options.MemoryPerConnection) = (1 << 20, 2 << 20), "MemoryPerConnection", "set it between");
        Problem(static options => options.IdleTimeout = TimeSpan.Zero, "IdleTimeout", "set it between");

        static void Problem(Action<ResourceOptions> configure, params string[] words)
        {
            var problem = Problems(configure).ShouldHaveSingleItem();
            foreach (var word in words) problem.ShouldContain(word);
        }
    }
}
