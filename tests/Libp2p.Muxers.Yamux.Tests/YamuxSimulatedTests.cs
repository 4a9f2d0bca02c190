using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

public sealed class YamuxMuxerInSimulation : SimulatedSuite<YamuxMuxerContractTests>;

public sealed class YamuxStreamInSimulation : SimulatedSuite<YamuxStreamContractTests>;

public sealed class YamuxSmallFramesInSimulation : SimulatedSuite<YamuxSmallFramesContractTests>;
