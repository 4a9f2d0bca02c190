namespace Libp2p.Transports.Tcp.Tests;

public sealed class TcpOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new TcpOptions().Validate().ShouldBeEmpty();

    [Theory]
    [InlineData(4096, 1024, 1)]
    [InlineData(16 * 1024 * 1024, 16 * 1024 * 1024, 86400)]
    public void The_ends_of_the_ranges_are_valid(int receive, int send, int keepAlive) =>
        new TcpOptions { ReceiveBuffer = receive, SendBuffer = send, KeepAlive = TimeSpan.FromSeconds(keepAlive) }.Validate().ShouldBeEmpty();

    [Fact]
    public void Each_problem_is_named()
    {
        var problems = new TcpOptions { ReceiveBuffer = 4095, SendBuffer = 16 * 1024 * 1024 + 1, KeepAlive = TimeSpan.FromMilliseconds(1) }.Validate().ToList();
        problems.Count.ShouldBe(3);
        problems[0].ShouldContain(nameof(TcpOptions.ReceiveBuffer));
        problems[1].ShouldContain(nameof(TcpOptions.SendBuffer));
        problems[2].ShouldContain(nameof(TcpOptions.KeepAlive));
    }
}
