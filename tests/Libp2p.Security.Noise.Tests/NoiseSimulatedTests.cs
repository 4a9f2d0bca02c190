using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests;

public sealed class NoiseChannelInSimulation : SimulatedSuite<NoiseChannelContractTests>;

public sealed class NoiseConnectionInSimulation : SimulatedSuite<NoiseConnectionContractTests>;
